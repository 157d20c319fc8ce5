/* In the card of a job that has not begun: putting it with somebody else or at another time, and what that would do.
   Nothing is changed before somebody says so, and then only in a draft. */
import type { Board, Technician } from "../shared/board";
import { el, fill } from "../shared/dom";
import { HttpError } from "../shared/http";
import { icon } from "../shared/icons";
import { SiteClock } from "../shared/time";
import { makeMove, tryMove, type DraftAnswer, type Move, type MovePreview } from "./api";

/** Whoever types a time is asked about when they pause. */
const PAUSE_MS = 350;

/** Where somebody would have a job; without a start, where it fits best. */
export interface Wish {
  jobId: number;
  technicianId: number | null;
  startAt: string | null;
}

const listWorking = (board: Board): Technician[] => board.technicians.filter(({ shift }) => shift !== null);

/** What of the board the form is drawn from. */
export const moveFacts = (board: Board): unknown => [board.on, board.zone, listWorking(board).map(({ id, name, shift }) => [id, name, shift])];

export function moveCard(board: Board, wish: Wish, onMoved: (answer: DraftAnswer) => void): HTMLElement {
  const clock = new SiteClock(board.zone);
  const working = listWorking(board);
  const who = el("select", { class: "form-select", attrs: { "aria-label": "Technician" } }, ...working.map((one) => option(one)));
  const at = el("input", { class: "form-control", attrs: { type: "time", "aria-label": "Start" } });
  const told = el("div", { class: "fs-move-told", attrs: { role: "status" } });
  const put = el("button", { class: "btn btn-primary btn-sm", attrs: { type: "button" } }, "Put it there");
  let asked = 0;
  let pause = 0;

  const startAt = (shift: Technician["shift"]): string =>
    shift
      ? clock.instantWithin(board.on, at.value, { from: shift.start_at, until: shift.latest_end_at ?? shift.end_at })
      : clock.instant(board.on, at.value);

  const move = (): Move => {
    const technician = working.find(({ id }) => String(id) === who.value);
    return {
      on: board.on,
      job_id: wish.jobId,
      technician: technician?.code ?? "",
      start_at: at.value ? startAt(technician?.shift ?? null) : null,
    };
  };

  const ask = async (): Promise<void> => {
    const mine = ++asked;
    put.disabled = true;
    fill(told, "Working out what that would do …");
    try {
      const preview = await tryMove(move());
      if (mine !== asked) return;
      if (preview.start_at && !at.value) at.value = clock.time(preview.start_at);
      put.disabled = preview.start_at === null;
      fill(told, ...previewWords(preview));
    } catch (error) {
      if (mine === asked) fill(told, refusal(error));
    }
  };
  const askSoon = (): void => {
    window.clearTimeout(pause);
    pause = window.setTimeout(() => void ask(), PAUSE_MS);
  };
  who.addEventListener("change", () => {
    at.value = "";
    void ask();
  });
  at.addEventListener("input", askSoon);
  put.addEventListener("click", () => {
    put.disabled = true;
    fill(told, "Putting it there …");
    makeMove(move()).then(
      (answer) => {
        at.value = "";
        fill(told);
        summary.focus({ preventScroll: true }); // what is folded away cannot have it
        card.open = false;
        onMoved(answer);
      },
      (error: unknown) => {
        put.disabled = false; // to be tried again
        fill(told, refusal(error));
      },
    );
  });

  const best = el("button", { class: "fs-tool", attrs: { type: "button" } }, "Where it fits best");
  best.addEventListener("click", () => {
    at.value = "";
    void ask();
  });
  const summary = el("summary", {}, "Move by hand");
  const card = el(
    "details",
    { class: "fs-move" },
    summary,
    el("div", { class: "fs-move-fields" }, who, at, best, put),
    told,
    el("p", { class: "fs-move-note" }, "It goes into a draft; nobody works by it before that is published."),
  );
  put.disabled = true;
  if (wish.technicianId !== null) who.value = String(wish.technicianId);
  if (wish.startAt) {
    at.value = clock.time(wish.startAt);
    card.open = true;
    void ask();
  }
  return card;
}

const option = ({ id, name }: Technician): HTMLElement => el("option", { attrs: { value: id } }, name);

function previewWords({ start_at, fits, costs, obstacles, broken }: MovePreview): Node[] {
  const list = (sentences: readonly string[]): HTMLElement => el("ul", {}, ...sentences.map((one) => el("li", {}, one)));
  if (start_at === null) return [el("p", {}, icon("alert"), " It fits nowhere with them beside the rest. Give a time to see what would have to give way.")];
  const words: Node[] = [];
  if (broken.length > 0) words.push(el("p", {}, icon("alert"), " Breaks a rule; whoever publishes must say why:"), list(broken));
  if (!fits) words.push(el("p", {}, icon("alert"), " The day does not work out like that; something else must give way:"), list(obstacles));
  if (fits && broken.length === 0) words.push(el("p", {}, icon("check"), " It fits."));
  return costs.length > 0 ? [...words, list(costs)] : words;
}

function refusal(error: unknown): HTMLElement {
  if (!(error instanceof HttpError)) throw error;
  return el("p", {}, icon("alert"), ` ${error.message}`);
}
