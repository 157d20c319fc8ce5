/* The draft that waits for decisions: a bar that says what it changes, shows it on the board, and publishes it. */
import { isOver, visitsOf, type Board } from "../shared/board";
import { el, fill } from "../shared/dom";
import { asDraft, listLines, withDraft, type Decision, type Draft, type Line } from "../shared/draft";
import { HttpError } from "../shared/http";
import { icon } from "../shared/icons";
import { decideLines, discardDraft, getDraft, publishDraft, type DraftAnswer } from "./api";
import { released } from "../shared/press";
import { visitKey } from "../timeline/row";
import { askToPublish } from "./publish_dialog";

/** Everything that happens on the road shifts a draft a little: it is laid out anew at most this often. */
const CALM_MS = 20_000;

export interface DraftEvents {
  /** The draft, or whether it is shown, has changed. */
  onChange(): void;
  /** Somebody asks for the next change. */
  onPick(line: Line): void;
  /** The day is no longer as it was read: published, discarded, or decided about by somebody else. */
  onStale(): Promise<void>;
  onProblem(error: unknown): void;
  onDone(sentence: string): void;
}

/** The line of the visit on the timeline, or of the job in the queue, that an element is of. */
function lineAt(element: Element, view: Board): Line | undefined {
  const { key, job } = element.closest<HTMLElement>("[data-key^=v], [data-job]")?.dataset ?? {};
  if (key) return view.technicians.flatMap(visitsOf).find(({ stop_id }) => key === visitKey(stop_id))?.line;
  return view.unassigned.find(({ job_id }) => job === String(job_id))?.line;
}

/** The draft that waits for decisions; about one of a day that is over nobody can decide any more. */
const waitingOf = (board: Board): Board["draft"] => (isOver(board) ? null : board.draft);

export class DraftPane {
  draft: Draft | null = null;
  /** Whether the board shows the draft, or what is published. */
  isShown = false;
  private board: Board | null = null;
  private loaded = "";
  private loadedAt = 0;
  private picked: number | null = null;
  private isBusy = false;
  /** Whether a reading came while something else was under way. */
  private isBehind = false;
  /** Counts the readings, so that a slow answer does not come after a quicker one. */
  private readings = 0;

  constructor(private readonly host: HTMLElement, private readonly dialog: HTMLDialogElement, private readonly events: DraftEvents) {}

  /** Reads the day's draft if there is another one than known, or has been for a while. */
  async follow(board: Board): Promise<void> {
    this.board = board;
    const { on } = board;
    const draft = waitingOf(board);
    if (!draft) {
      this.readings++;
      this.take({ draft: null });
      return;
    }
    const wanted = [on, draft.id, draft.revision, board.plan?.version].join();
    if (wanted === this.loaded && performance.now() - this.loadedAt < CALM_MS) return;
    if (this.draft?.id !== draft.id) {
      this.draft = null;
      this.render();
    }
    this.loaded = wanted;
    this.loadedAt = performance.now();
    const mine = ++this.readings;
    let answer: DraftAnswer;
    try {
      answer = await getDraft(on);
      await released();
    } catch (error) {
      if (mine === this.readings) this.loaded = ""; // asked for again when the board is read again
      throw error;
    }
    if (mine !== this.readings || this.board?.on !== on) return;
    if (this.isBusy) this.isBehind = true; // what is under way answers with the draft as it is then
    else this.take(answer);
  }

  /** What the board shows: the published day, or the draft. */
  view(board: Board): Board {
    const draft = this.draftOf(board);
    if (!draft) return board;
    return this.isShown ? asDraft(board, draft) : withDraft(board, draft);
  }

  /** The draft that is known of that board's day. */
  draftOf(board: Board): Draft | null {
    return this.draft?.on === board.on ? this.draft : null;
  }

  /** The draft that the board shows in place of what is published. */
  shownOf(board: Board): Draft | null {
    return this.isShown ? this.draftOf(board) : null;
  }

  /** Shows the draft that somebody has just moved a job in. */
  showMoved(answer: DraftAnswer): void {
    this.isShown = true;
    this.take(answer);
  }

  decide(line: Line, decision: Decision): void {
    if (this.draft && !this.isBusy) void this.change(decideLines(this.draft, { [line.id]: decision }));
  }

  /** A accepts and R refuses the change of the visit or job that has the focus; the same key takes it back. */
  decideByKey(event: KeyboardEvent, view: Board): void {
    const decision = ({ a: "accepted", r: "refused" } as const)[event.key];
    if (!decision || event.ctrlKey || event.metaKey || event.altKey) return;
    const line = event.target instanceof Element && lineAt(event.target, view);
    if (!line || line.kind === "gone" || (line.decision === "edited" && decision === "accepted")) return;
    this.decide(line, line.decision === decision ? "open" : decision);
  }

  private async change(answering: Promise<DraftAnswer>): Promise<void> {
    this.wait("Working out what that changes …");
    try {
      const answer = await answering;
      await released();
      this.take(answer);
      if (this.isBehind && this.board) await this.catchUp(this.board);
    } catch (error) {
      await this.fail(error);
    }
  }

  /** Somebody else may have decided after this page did, and the board heard of that first. */
  private async catchUp(board: Board): Promise<void> {
    this.isBehind = false;
    const waiting = waitingOf(board);
    if (waiting?.id === this.draft?.id && (waiting?.revision ?? 0) > (this.draft?.revision ?? 0)) await this.follow(board);
  }

  private take(answer: DraftAnswer): void {
    const known = this.draft;
    const isOlder = answer.draft?.id === known?.id && (answer.draft?.revision ?? 0) < (known?.revision ?? 0);
    const draft = isOlder ? known : answer.draft;
    this.draft = draft;
    this.loadedAt = performance.now();
    if (draft) this.loaded = [draft.on, draft.id, draft.revision, this.board?.plan?.version].join();
    else this.isShown = false;
    this.render();
    this.events.onChange();
  }

  private show(draft: boolean): void {
    this.isShown = draft;
    this.render();
    this.events.onChange();
  }

  /** The change after the one picked last, or before it. */
  private step(by: 1 | -1): void {
    if (!this.draft || !this.board) return;
    const lines = listLines(this.board, this.draft);
    const at = lines.findIndex(({ id }) => id === this.picked);
    const line = lines[at < 0 ? (by > 0 ? 0 : lines.length - 1) : (at + by + lines.length) % lines.length];
    if (!line) return;
    this.picked = line.id;
    this.events.onPick(line);
  }

  /** Publishes what the dialog has shown: where the draft is another by then, the server refuses it. */
  private async publish(): Promise<void> {
    const { draft } = this;
    if (!draft || this.isBusy) return;
    const reason = await askToPublish(this.dialog, draft);
    if (reason === null) return;
    this.wait("Publishing …");
    try {
      const { version } = await publishDraft(draft, reason);
      this.take({ draft: null });
      this.events.onDone(`Plan ${version} is published. The phones have it.`);
      await this.events.onStale();
    } catch (error) {
      await this.fail(error);
    }
  }

  private async discard(): Promise<void> {
    if (!this.draft || this.isBusy) return;
    const { version } = this.draft;
    try {
      await discardDraft(this.draft);
      this.take({ draft: null });
      this.events.onDone(`Draft ${version} is discarded; what is published stays.`);
      await this.events.onStale();
    } catch (error) {
      await this.fail(error);
    }
  }

  /** Whoever hears that things have changed meanwhile also sees how they are now. */
  private async fail(error: unknown): Promise<void> {
    this.loaded = "";
    this.render();
    if (error instanceof HttpError && error.status === 409) await this.events.onStale();
    this.events.onProblem(error);
  }

  /** Says what is being done; until that is over nothing else can be asked for. */
  private wait(sentence: string): void {
    const words = this.host.querySelector(".fs-draft-words");
    if (words) fill(words, sentence);
    for (const button of this.host.querySelectorAll("button")) button.setAttribute("aria-disabled", "true");
    this.isBusy = true;
  }

  private render(): void {
    this.isBusy = false;
    const waiting = this.board && waitingOf(this.board);
    this.host.hidden = !this.draft && !waiting;
    if (!this.draft) {
      fill(this.host, waiting && el("span", {}, `Draft ${waiting.version} waits for decisions; working out what it changes …`));
      return;
    }
    const hadFocus = this.host.contains(document.activeElement) ? document.activeElement?.getAttribute("data-does") : null;
    const { version, changes, summary, on } = this.draft;
    const trouble = this.draft.outdated[0] ?? this.draft.obstacles[0] ?? this.draft.violations[0];
    fill(
      this.host,
      el(
        "div",
        { class: "fs-group", attrs: { role: "group", "aria-label": "Which plan the board shows" } },
        this.tool("as-published", "Published", () => this.show(false), { "aria-pressed": String(!this.isShown) }),
        this.tool("as-draft", `Draft ${version}`, () => this.show(true), { "aria-pressed": String(this.isShown) }),
      ),
      el("span", { class: "fs-draft-words", attrs: { role: "status" } }, trouble ? el("b", {}, icon("alert"), ` ${trouble}`) : summary),
      el(
        "div",
        { class: "fs-group", attrs: { role: "group", "aria-label": "Changes" } },
        this.tool("previous", icon("chevronLeft"), () => this.step(-1), { "aria-label": "Previous change" }),
        el("a", { class: "fs-tool", attrs: { href: `/console/draft?on=${on}` } }, `${changes.length} ${changes.length === 1 ? "change" : "changes"}`),
        this.tool("next", icon("chevronRight"), () => this.step(1), { "aria-label": "Next change" }),
      ),
      this.tool("discard", "Discard", () => void this.discard()),
      el("button", { class: "btn btn-primary btn-sm", attrs: { type: "button" }, data: { does: "publish" }, on: { click: () => void this.publish() } }, "Publish …"),
    );
    if (hadFocus) this.host.querySelector<HTMLElement>(`[data-does="${hadFocus}"]`)?.focus();
  }

  private tool(does: string, content: string | Node, onClick: () => void, attrs: Record<string, string> = {}): HTMLElement {
    return el("button", { class: "fs-tool", attrs: { type: "button", ...attrs }, data: { does }, on: { click: onClick } }, content);
  }
}
