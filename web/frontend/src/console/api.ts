/* The console's calls to the server. */
import type { Routes } from "../map/map";
import type { Streets } from "../map/ground";
import type { Board, Run } from "../shared/board";
import { type BoardNews, withNews } from "../shared/board_news";
import type { Decision, Draft } from "../shared/draft";
import type { Expected } from "../shared/expected";
import { getJson, getJsonOf, postJson } from "../shared/http";

const query = (on: string | null): string => (on ? `?on=${encodeURIComponent(on)}` : "");

/** The board of a day, or of the site's today when `on` is null. */
export const getBoard = (on: string | null): Promise<Board> => getJson<Board>(`/console/api/board${query(on)}`);

/** The board again: what has changed on the one that is known, where that is enough. */
export async function readBoard(on: string | null, known: Board | null): Promise<Board> {
  if (known && (on === null || on === known.on)) {
    const version = known.plan ? `&version=${known.plan.version}` : "";
    const { news } = await getJson<{ news: BoardNews | null }>(`/console/api/board/news?on=${on ?? ""}&after=${known.seq}${version}`);
    if (news?.on === known.on) return withNews(known, news);
  }
  return getBoard(on);
}

export const getExpected = (on: string): Promise<{ expected: Expected }> => getJson(`/console/api/board/expected${query(on)}`);
export const getRoutes = (on: string): Promise<Routes> => getJson<Routes>(`/console/api/routes${query(on)}`);
export const getStreets = (): Promise<Streets> => getJson<Streets>("/console/api/basemap");
export const getDraftRoutes = (on: string): Promise<Routes> => getJson<Routes>(`/console/api/draft/routes${query(on)}`);
export const getRun = (id: number): Promise<Run> => getJson<Run>(`/console/api/runs/${id}`);
export const cancelRun = (id: number): Promise<Run> => postJson<Run>(`/console/api/runs/${id}/cancel`, {});
export const requestPlan = (on: string, policy: string, asDraft: boolean): Promise<{ run_id: number }> =>
  postJson("/console/api/plan", { on, policy, as_draft: asDraft });


/** What the server answers about a draft; null when none waits any more. */
export type DraftAnswer = { draft: Draft | null };
export const getDraft = (on: string): Promise<DraftAnswer> => getJson<DraftAnswer>(`/console/api/draft${query(on)}`);
export const decideLines = ({ id, revision }: Draft, lines: Record<number, Decision>): Promise<DraftAnswer> =>
  postJson(`/console/api/draft/${id}/decide`, { revision, lines });
export const publishDraft = ({ id, revision }: Draft, reason: string): Promise<{ version: number }> =>
  postJson(`/console/api/draft/${id}/publish`, { revision, reason });
export const discardDraft = ({ id, revision }: Draft): Promise<unknown> => postJson(`/console/api/draft/${id}/discard`, { revision });

/** A job put with a technician, at a time or, where that is null, where it fits best. */
export interface Move {
  on: string;
  job_id: number;
  technician: string;
  start_at: string | null;
}
export interface MovePreview {
  /** Null: it fits nowhere with that technician. */
  start_at: string | null;
  fits: boolean;
  costs: string[];
  obstacles: string[];
  broken: string[];
}
export const tryMove = (move: Move): Promise<MovePreview> => postJson("/console/api/moves/try", move);
export const makeMove = (move: Move): Promise<DraftAnswer> => postJson("/console/api/moves", move);

/** Health answers 503 with the same JSON when something is wrong, which is what we ask about. */
export async function isSchedulerAlive(): Promise<boolean> {
  const health = await getJsonOf<{ scheduler_alive: boolean }>("/healthz", [200, 503]);
  return health.scheduler_alive;
}
