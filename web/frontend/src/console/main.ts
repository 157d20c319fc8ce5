/* The dispatcher's board: reads the day, shows it in every pane, and keeps the panes' selection together. */
import "../shared/looks.css";
import "./layout.css";
import "./panes.css";
import "./alerts.css";
import { BoardMap } from "../map/map";
import { isOver, visitsOf, type Board } from "../shared/board";
import { byId, el, fill, isField } from "../shared/dom";
import { withExpected } from "../shared/expected";
import { HttpError } from "../shared/http";
import { withAway } from "../shared/away";
import { asMayBeSeen, mayPlan } from "../shared/limited";
import { keepUpToDate } from "../shared/live";
import { isOfRequests, touches } from "../shared/news";
import { released } from "../shared/press";
import { findSelected, type Selection } from "../shared/selection";
import { addDays, dateWords } from "../shared/time";
import type { Drop } from "../timeline/drag";
import { Timeline } from "../timeline/timeline";
import { showAlerts } from "./alerts";
import { readBoard, type DraftAnswer } from "./api";
import { showDetails } from "./details";
import { DraftPane } from "./draft_pane";
import { showEmpty } from "./empty";
import { FollowedExpected } from "./follow_expected";
import { applyFilter, type Shown } from "./filter";
import { showKpis, showPlanLine, showTerritories } from "./header";
import { showLegend } from "./legend";
import { showNotices, showRequests } from "./notices";
import { showOnCall } from "./on_call";
import type { Wish } from "./move_card";
import { makeNarrow } from "./narrow";
import { findParts } from "./page";
import { Planning } from "./planning";
import { makeResizable } from "./resize";
import { ShownRoutes } from "./shown_routes";
import { findGround } from "./streets";
import { showTable } from "./table";
import { UnassignedList, type Order } from "./unassigned";

/** How often the board moves its clock on. */
const MINUTE_MS = 60_000;

const parts = findParts();
const timeline = new Timeline(parts.timeline, (picked) => select(picked, "timeline"), dropped);
const map = new BoardMap(parts.map, findGround(parts.map, parts.noStreets), (picked) => select(picked, "map"));
const routes = new ShownRoutes(map);
const soon = new FollowedExpected(() => show());
const list = new UnassignedList(parts.unassigned, (jobId) => select({ kind: "unassigned", jobId }, "list"));
const planning = new Planning(
  { dialog: parts.dialog, form: parts.planForm, title: parts.planTitle, button: parts.plan, strip: parts.strip },
  async (on) => {
    if (board?.on === on) await load(on); // whoever has gone on to another day stays there
  },
);

const drafts = new DraftPane(parts.draftBar, parts.publishDialog, {
  onChange: () => showDraft(),
  onPick: (line) => selectJob(line.job_id),
  onStale: () => load(board?.on ?? null),
  onProblem: (error) => showProblem(error, () => void load(board?.on ?? null)),
  onDone: (sentence) => planning.say(sentence),
});

/** The day as it was read. */
let board: Board | null = null;
/** The day as it is shown: published, or as the draft has it. */
let view: Board | null = null;
/** When the board's clock was right, on the page's own clock, which nobody sets. */
let boardReadAt = 0;
let shown: Shown = { technicians: [], unassigned: [], matches: null };
let selection: Selection | null = null;
/** Where the job that is picked was dropped. */
let wish: Wish | null = null;
let asTable = false;
/** Counts the loads, so that a slow answer for a day that was left does not overwrite the day in view. */
let loads = 0;
/** What the board in view was asked for, null being today; */
let shownFor: string | null = null;
/** and whether another day is on its way: what happens meanwhile may concern that one. */
let isLeaving = false;

async function load(on: string | null): Promise<void> {
  const mine = ++loads;
  isLeaving = on !== shownFor;
  parts.console.setAttribute("aria-busy", "true");
  try {
    const answer = asMayBeSeen(await readBoard(on, board));
    await released();
    if (mine !== loads) return;
    if (!board) for (const button of [parts.previous, parts.next, parts.plan]) button.disabled = false;
    if (board?.on !== answer.on) selection = null;
    board = answer;
    shownFor = on;
    boardReadAt = performance.now();
    parts.problem.hidden = true;
    show();
    if (answer.run) planning.resume(answer.on, answer.run);
    await Promise.all([followRoutes(), drafts.follow(answer), soon.follow(answer)]);
  } catch (error) {
    if (mine === loads) showProblem(error, () => void load(on));
  } finally {
    if (mine === loads) {
      isLeaving = false;
      parts.console.removeAttribute("aria-busy");
    }
  }
}

const followRoutes = async (): Promise<void> => {
  if (board) await routes.follow(board, drafts.shownOf(board));
};

function showDraft(): void {
  show();
  followRoutes().catch((error: unknown) => showProblem(error, () => void load(board?.on ?? null)));
}

function show(): void {
  if (!board) return;
  view = withAway(drafts.view(drafts.shownOf(board) ? board : withExpected(board, soon.expected))); // of a draft nothing is predicted
  parts.date.value = board.on;
  parts.dateWords.textContent = dateWords(board.on);
  document.title = `${dateWords(board.on)} · Wrenchtime`;
  showKpis(parts.kpis, drafts.shownOf(board)?.kpis ?? view.plan?.kpis ?? null);
  showPlanLine(parts.planLine, board);
  showLegend(parts.legend, drafts.draft !== null);
  showNotices(parts.notices, board);
  showRequests(parts.requests, board);
  showOnCall(byId("on-call", HTMLElement), board);
  showAlerts(parts.alerts, board);
  parts.reportEvent.href = `/console/events/new?on=${board.on}`;
  parts.plan.hidden = !mayPlan(board);
  showTerritories(parts.territory, board);
  showShown();
}

/** Everything that depends on the filter as well as on the board. */
function showShown(): void {
  if (!board || !view) return;
  shown = applyFilter(view, { territory: parts.territory.value, text: parts.search.value });
  timeline.show(view, shown.technicians, shown.matches);
  map.show(view, shown.technicians, shown.unassigned);
  list.show(view, shown.unassigned, parts.order.value as Order, view.plan !== null || drafts.shownOf(board) !== null);
  parts.unassignedCount.textContent = String(shown.unassigned.length);
  showEmpty(parts.empty, board, shown, drafts.draftOf(board) !== null, () => askToPlan());
  if (asTable) showTable(parts.table, view, shown.technicians, (stopId) => select({ kind: "visit", stopId }, "table"));
  showSelection(null);
}

type Pane = "timeline" | "map" | "list" | "table";

function select(picked: Selection | null, from: Pane): void {
  selection = picked;
  wish = null;
  showSelection(from);
}

/** Picks a job wherever the plan in view has it. */
function selectJob(jobId: number): void {
  const visit = view?.technicians.flatMap(visitsOf).find(({ job_id }) => job_id === jobId);
  select(visit ? { kind: "visit", stopId: visit.stop_id } : { kind: "unassigned", jobId }, "table");
}

/** Opens the card of a visit with what it would do to have it where it was dropped. */
function dropped({ stopId, technicianId, startAt }: Drop): void {
  const visit = view?.technicians.flatMap(visitsOf).find(({ stop_id }) => stop_id === stopId);
  if (!visit) return;
  select({ kind: "visit", stopId }, "timeline");
  wish = { jobId: visit.job_id, technicianId, startAt };
  showSelection(null);
}

/** A move is in the day's draft: the board shows it there. */
async function moved(answer: DraftAnswer): Promise<void> {
  wish = null;
  await load(dayInAddress());
  if (answer.draft?.on === board?.on) drafts.showMoved(answer); // whoever has gone on to another day stays there
}

/** Closes the card; a focus that was in it goes back to where the selection is shown. */
function unselect(): void {
  const was = selection;
  if (!was) return;
  const hadFocus = parts.details.contains(document.activeElement);
  select(null, "timeline");
  if (!hadFocus) return;
  if (was.kind === "unassigned") list.focus(was.jobId);
  else timeline.focus(was);
}

/** `from` is the pane where the selection was made: the others bring it into view. */
function showSelection(from: Pane | null): void {
  if (!view) return;
  const found = findSelected(view, selection);
  if (!found) selection = null;
  showDetails(parts.details, view, found, {
    onDecide: (line, decision) => drafts.decide(line, decision),
    onPlanAround: () => board?.plan && planning.planAround(board.on, board.plan.policy),
    onMoved: (answer) => void moved(answer),
    wish,
    onClose: unselect,
    onTechnician: (technicianId) => select({ kind: "technician", technicianId }, "list"),
    onVisit: (stopId) => select({ kind: "visit", stopId }, "list"),
  });
  timeline.select(selection, from !== null && from !== "timeline");
  map.select(selection, from !== null && from !== "map");
  list.select(selection?.kind === "unassigned" ? selection.jobId : null, from !== null && from !== "list");
}

function showProblem(error: unknown, retry: () => void): void {
  const message = error instanceof Error ? error.message : String(error);
  const again = el("button", { class: "btn btn-sm", attrs: { type: "button" }, on: { click: retry } }, "Try again");
  fill(parts.problem, el("span", {}, message), again);
  parts.problem.hidden = false;
  if (error instanceof HttpError && error.status === 401) location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);
  else if (!(error instanceof HttpError)) console.error(error);
}

function askToPlan(): void {
  if (board) planning.ask(board.on, board.plan?.policy ?? null);
}

function goTo(on: string | null): void {
  history.pushState(null, "", on ? `?on=${on}` : location.pathname);
  void load(on);
}

function showAs(table: boolean): void {
  asTable = table;
  parts.asTable.setAttribute("aria-pressed", String(table));
  parts.asTimeline.setAttribute("aria-pressed", String(!table));
  parts.table.hidden = !table;
  parts.timeline.hidden = table;
  showShown();
}

function zoom(steps: number): void {
  timeline.zoomBy(steps);
  parts.zoomIn.disabled = !timeline.canZoom(1);
  parts.zoomOut.disabled = !timeline.canZoom(-1);
}

const dayInAddress = (): string | null => new URLSearchParams(location.search).get("on");

function listen(): void {
  parts.previous.addEventListener("click", () => board && goTo(addDays(board.on, -1)));
  parts.next.addEventListener("click", () => board && goTo(addDays(board.on, 1)));
  parts.today.addEventListener("click", () => goTo(null));
  parts.date.addEventListener("change", () => parts.date.value && goTo(parts.date.value));
  parts.plan.addEventListener("click", askToPlan);
  parts.territory.addEventListener("change", showFiltered);
  parts.search.addEventListener("input", showFiltered);
  parts.order.addEventListener("change", showShown);
  parts.zoomIn.addEventListener("click", () => zoom(1));
  parts.zoomOut.addEventListener("click", () => zoom(-1));
  parts.asTable.addEventListener("click", () => showAs(true));
  parts.asTimeline.addEventListener("click", () => showAs(false));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !document.querySelector("dialog[open]") && !isField(event.target)) unselect();
    if (view) drafts.decideByKey(event, view);
  });
  addEventListener("popstate", () => void load(dayInAddress()));
  addEventListener("beforeprint", () => view && showTable(parts.table, view, shown.technicians, () => undefined));
  setInterval(() => void moveClock(), MINUTE_MS);
}

/** While everything that happens is heard of, what is shown is as of now; after midnight that is another today. */
async function moveClock(): Promise<void> {
  await released();
  if (!board || !live.isUp() || document.visibilityState !== "visible") return;
  const wasOver = isOver(board);
  board = { ...board, now_at: new Date(Date.parse(board.now_at) + performance.now() - boardReadAt).toISOString() };
  boardReadAt = performance.now();
  if (isOver(board) && !wasOver) void load(dayInAddress());
  else {
    show();
    soon.follow(board).catch((error: unknown) => showProblem(error, () => void load(dayInAddress())));
  }
}

function showFiltered(): void {
  showShown();
  parts.announcement.textContent = `${shown.technicians.length} technicians and ${shown.unassigned.length} unassigned jobs shown`;
}

makeResizable(parts.panes);
makeNarrow(parts.panes);
listen();
void load(dayInAddress());
const live = keepUpToDate({
  concerns: (news) => board === null || isLeaving || (news.seq > board.seq && (touches(news, board.on) || isOfRequests(news))),
  refresh: () => load(dayInAddress()),
});
