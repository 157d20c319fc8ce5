/* "Why this technician": what each other would cost, and who cannot come. Asked for when somebody opens it. */
import { el, fill } from "./dom";
import { getJson, HttpError } from "./http";
import { reasonList, type Reason } from "./reasons";
import "./why_here.css";

interface WhyHere {
  sentence: string;
  alternatives: string[];
  cannot: Reason[];
}

/** Each opening asks again: the day goes on meanwhile. */
export function whyHere(jobId: number): HTMLElement {
  const told = el("div", { attrs: { role: "status" } });
  const details = el("details", { class: "fs-why-here" }, el("summary", {}, "Why this technician"), told);
  let asked = 0;
  details.addEventListener("toggle", () => {
    const mine = ++asked;
    if (!details.open) return;
    fill(told, el("p", {}, "Comparing with the others …"));
    getJson<WhyHere>(`/console/api/jobs/${jobId}/why`).then(
      (why) => mine === asked && tell(told, why),
      (error: unknown) => {
        if (!(error instanceof HttpError)) throw error;
        if (mine === asked) fill(told, el("p", { class: "fs-why-refused" }, error.message));
      },
    );
  });
  return details;
}

function tell(host: HTMLElement, { sentence, alternatives, cannot }: WhyHere): void {
  fill(
    host,
    el("p", {}, el("b", {}, sentence)),
    alternatives.length > 0 && el("ul", {}, ...alternatives.map((one) => el("li", {}, one))),
    cannot.length > 0 && el("p", {}, "Who cannot, and why:"),
    cannot.length > 0 && reasonList(cannot),
  );
}
