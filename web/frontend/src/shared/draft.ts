/* The draft of a day as /console/api/draft answers it: who would do what when, and the list of what that changes. */
import type { Board, Item, Kpis, Technician, Unassigned, Visit } from "./board";
import { visitsOf } from "./board";

export type Decision = "open" | "accepted" | "refused" | "edited";

export interface Place {
  technician_id: number;
  technician: string;
  start_at: string;
}

/** One job that the draft has elsewhere than the published plan. */
export interface Line {
  id: number;
  job_id: number;
  number: string;
  title: string;
  customer: string;
  kind: "added" | "left out" | "moved" | "retimed" | "gone";
  from: Place | null;
  to: Place | null;
  reason: string;
  /** What undoing it would cost, in seconds of travel; null where it cannot be undone. */
  gain: number | null;
  /** The numbers of the jobs whose changes can only be undone together with this one. */
  together: string[];
  /** Why it is not as it was in the draft before. */
  mark: string;
  decision: Decision;
}

export interface Lane extends Pick<Technician, "leave_at" | "home_at" | "utilization" | "busy_share"> {
  technician_id: number;
  items: Item[];
}

export interface Draft {
  id: number;
  on: string;
  version: number;
  revision: number;
  base_version: number | null;
  summary: string;
  outdated: string[];
  obstacles: string[];
  violations: string[];
  changes: Line[];
  lanes: Lane[];
  unassigned: Unassigned[];
  kpis: Kpis;
}

/** Where a job was, or where it goes: an outline in the lane of the plan that does not have it there. */
export interface Ghost {
  line: Line;
  at: Place;
  end_at: string;
  is: "from" | "to";
}

/** The board with the draft's lanes in place of the published ones, and outlines of where its jobs were. */
export function asDraft(board: Board, draft: Draft): Board {
  const published = new Map(board.technicians.flatMap(visitsOf).map((visit) => [visit.job_id, visit]));
  const lines = linesByJob(draft);
  const lanes = new Map(draft.lanes.map((lane) => [lane.technician_id, lane]));
  const technicians = board.technicians.map((technician) => {
    const lane = lanes.get(technician.id);
    const own = lane ?? { items: [], leave_at: null, home_at: null, utilization: 0, busy_share: 0 };
    const items = own.items.map((item) => (item.type === "visit" ? proposed(item, published, lines) : item));
    return { ...technician, ...own, id: technician.id, items };
  });
  const shown = { ...board, technicians, unassigned: draft.unassigned.map((job) => mark(job, lines.get(job.job_id))), plan: board.plan && { ...board.plan, kpis: draft.kpis } };
  return addGhosts(shown, draft, "from", published);
}

/** The published board, with outlines of where the draft would have its jobs. */
export function withDraft(board: Board, draft: Draft): Board {
  const lines = linesByJob(draft);
  const planned = new Map(draft.lanes.flatMap(({ items }) => items.flatMap((item) => (item.type === "visit" ? [[item.job_id, item] as const] : []))));
  const technicians = board.technicians.map((technician) => ({
    ...technician,
    items: technician.items.map((item) => (item.type === "visit" ? mark(item, lines.get(item.job_id)) : item)),
  }));
  const unassigned = board.unassigned.map((job) => mark(job, lines.get(job.job_id)));
  return addGhosts({ ...board, technicians, unassigned }, draft, "to", planned);
}

/** The lines of jobs on the board, in the order of the timeline: technician by technician, by time. */
export function listLines(board: Board, draft: Draft): Line[] {
  const order = new Map(board.technicians.map(({ id }, index) => [id, index]));
  const rank = ({ to, from }: Line): [number, string] => {
    const place = to ?? from;
    return [order.get(place?.technician_id ?? 0) ?? 0, place?.start_at ?? ""];
  };
  return [...draft.changes].sort((a, b) => rank(a)[0] - rank(b)[0] || rank(a)[1].localeCompare(rank(b)[1]));
}

export const isInForce = (line: Line): boolean => line.decision !== "refused";

/** Keeps the id of the published stop, so that what is picked stays picked; new ones get one that no stop has. */
function proposed(visit: Visit, published: ReadonlyMap<number, Visit>, lines: ReadonlyMap<number, Line>): Visit {
  return mark({ ...visit, stop_id: published.get(visit.job_id)?.stop_id ?? -visit.job_id }, lines.get(visit.job_id));
}

const mark = <Job extends Visit | Unassigned>(job: Job, line: Line | undefined): Job => (line ? { ...job, line } : job);

const linesByJob = (draft: Draft): Map<number, Line> => new Map(draft.changes.map((line) => [line.job_id, line]));

function addGhosts(board: Board, draft: Draft, is: Ghost["is"], visits: ReadonlyMap<number, Visit>): Board {
  const ghosts = new Map<number, Ghost[]>();
  for (const line of draft.changes.filter(isInForce)) {
    const at = line[is];
    const visit = visits.get(line.job_id);
    if (!at || !visit) continue;
    const length = Date.parse(visit.end_at) - Date.parse(visit.start_at);
    const end_at = new Date(Date.parse(at.start_at) + length).toISOString();
    ghosts.set(at.technician_id, [...(ghosts.get(at.technician_id) ?? []), { line, at, end_at, is }]);
  }
  return { ...board, technicians: board.technicians.map((one) => ({ ...one, ghosts: ghosts.get(one.id) ?? [] })) };
}
