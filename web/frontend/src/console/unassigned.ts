/* The list of jobs that no route holds, each with the reason in words and, on demand, the reason for each technician. */
import { isOver, skillWords, type Board, type Unassigned } from "../shared/board";
import { el, fill } from "../shared/dom";
import { icon, type IconName } from "../shared/icons";
import { reasonList } from "../shared/reasons";
import { priorityBand } from "../shared/status";
import { lengthWords, SiteClock } from "../shared/time";

export type Order = "urgent" | "due";

export class UnassignedList {
  private readonly cards = new Map<number, HTMLElement>();

  constructor(private readonly host: HTMLElement, private readonly onSelect: (jobId: number) => void) {}

  /** `isPlanned` says whether a plan or a draft has left them out, for which there are reasons then. */
  show(board: Board, jobs: readonly Unassigned[], order: Order, isPlanned: boolean): void {
    const open = new Set([...this.cards].filter(([, card]) => card.querySelector("details")?.open).map(([id]) => id));
    const focused = [...this.cards].find(([, card]) => card.contains(document.activeElement))?.[0];
    const scrolled = this.host.scrollTop;
    const clock = new SiteClock(board.zone);
    this.cards.clear();
    for (const job of [...jobs].sort(order === "due" ? byDue : byUrgency)) {
      const card = this.buildCard(job, board, clock, isPlanned);
      const details = card.querySelector("details");
      if (details) details.open = open.has(job.job_id);
      this.cards.set(job.job_id, card);
    }
    if (this.cards.size > 0) fill(this.host, ...this.cards.values());
    else fill(this.host, nothing(board, isPlanned));
    this.host.scrollTop = scrolled;
    if (focused !== undefined) this.cards.get(focused)?.querySelector("button")?.focus({ preventScroll: true });
  }

  select(jobId: number | null, reveal: boolean): void {
    for (const [id, card] of this.cards) {
      card.classList.toggle("is-selected", id === jobId);
      if (id === jobId) card.querySelector("button")?.setAttribute("aria-current", "true");
      else card.querySelector("button")?.removeAttribute("aria-current");
      if (id === jobId && reveal) card.scrollIntoView({ block: "nearest" });
    }
  }

  focus(jobId: number): void {
    this.cards.get(jobId)?.querySelector("button")?.focus();
  }

  private buildCard(job: Unassigned, board: Board, clock: SiteClock, isPlanned: boolean): HTMLElement {
    const band = priorityBand(job.priority);
    return el(
      "article",
      { class: `fs-job is-${band}`, data: { job: job.job_id } },
      el(
        "button",
        { class: "fs-job-main", attrs: { type: "button" }, on: { click: () => this.onSelect(job.job_id) } },
        el("span", { class: "fs-job-top" }, el("b", {}, job.title), el("span", { class: "fs-chip" }, bandWords(band))),
        el("span", { class: "fs-job-line" }, `${job.customer} · ${job.number}`),
        el(
          "span",
          { class: "fs-job-facts" },
          fact("clock", lengthWords(job.service_s)),
          job.territory ? fact("pin", job.territory) : null,
          job.skills.length > 0 ? fact("skill", skillWords(job.skills)) : null,
        ),
        el(
          "span",
          { class: "fs-job-when" },
          job.promise && byWords(`Promised ${promisedWords(job, board, clock)}`, job.promise.until_at, board),
          mayStart(job, clock) && el("span", {}, job.windows.length > 0 ? `Window ${windowWords(job, clock)}` : "Any time"),
          job.due_at && byWords(`Due ${clock.timeOrDay(job.due_at, board.on)}`, job.due_at, board),
        ),
      ),
      isPlanned && el("p", { class: "fs-job-why" }, icon("info"), el("span", {}, job.sentence)),
      job.remedies[0] && el("p", { class: "fs-job-why" }, icon("wand"), el("span", {}, job.remedies[0])),
      job.technicians.length > 0 && reasonsByTechnician(job),
    );
  }
}

/** Drawn when first opened. */
export function reasonsByTechnician(job: Unassigned): HTMLElement {
  const [only, ...others] = job.technicians;
  const whom = others.length === 0 && only ? only.name : `each of ${job.technicians.length} technicians`;
  const summary = el("summary", {}, `Why not ${whom}`);
  const details = el("details", { class: "fs-reasons" }, summary);
  details.addEventListener("toggle", () => details.append(reasonList(job.technicians)), { once: true });
  return details;
}

export function windowWords(job: { windows: Unassigned["windows"] }, clock: SiteClock): string {
  return job.windows.map(([from, to]) => clock.span(from, to)).join(" or ") || "any time";
}

/** When work may start, in words; null where the promise alone says it. */
export function mayStart(job: Pick<Unassigned, "windows" | "promise">, clock: SiteClock): string | null {
  return job.promise && job.windows.length === 0 ? null : windowWords(job, clock);
}

/** "08:00–09:00, firm": the window that the customer was told; null without one. */
export function promisedWords({ promise }: Pick<Unassigned, "promise">, board: Board, clock: SiteClock): string | null {
  if (!promise) return null;
  return `${clock.spanOrDay(promise.from_at, promise.until_at, board.on)}${promise.is_firm ? ", firm" : ""}`;
}

export const bandWords = (band: string): string => band.charAt(0).toUpperCase() + band.slice(1);

/** By when the work is to start; louder where that is on this day. */
function byWords(words: string, at: string, board: Board): HTMLElement {
  const soon = Date.parse(at) <= Date.parse(board.day_end_at);
  return el("span", { class: soon ? "fs-due is-soon" : "fs-due" }, words);
}

function fact(name: IconName, text: string): HTMLElement {
  return el("span", {}, icon(name), el("span", {}, text));
}

function nothing(board: Board, isPlanned: boolean): HTMLElement {
  const all = board.unassigned.length === 0;
  if (!isPlanned && isOver(board)) return el("p", { class: "fs-nothing" }, "No job of that day is left.");
  if (!isPlanned) return el("p", { class: "fs-nothing" }, "Jobs that find no place will be listed here once the day is planned.");
  const text = all ? "Every job of the day has a technician." : "No unassigned job matches the filter.";
  return el("p", { class: "fs-nothing" }, all && icon("check"), text);
}

function byUrgency(a: Unassigned, b: Unassigned): number {
  return b.priority - a.priority || byDue(a, b);
}

function byDue(a: Unassigned, b: Unassigned): number {
  const at = ({ due_at, promise }: Unassigned): number =>
    Math.min(...[due_at, promise?.until_at].map((one) => (one ? Date.parse(one) : Number.MAX_SAFE_INTEGER)));
  return at(a) - at(b) || b.priority - a.priority || a.number.localeCompare(b.number);
}
