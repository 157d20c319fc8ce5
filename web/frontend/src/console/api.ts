/* The console's calls to the server. */
import type { Routes } from "../map/map";
import type { Streets } from "../map/ground";
import type { Board, Run } from "../shared/board";
import { getJson, getJsonOf, postJson } from "../shared/http";

const query = (on: string | null): string => (on ? `?on=${encodeURIComponent(on)}` : "");

/** The board of a day, or of the site's today when `on` is null. */
export const getBoard = (on: string | null): Promise<Board> => getJson<Board>(`/console/api/board${query(on)}`);
export const getRoutes = (on: string): Promise<Routes> => getJson<Routes>(`/console/api/routes${query(on)}`);
export const getStreets = (): Promise<Streets> => getJson<Streets>("/console/api/basemap");
export const getRun = (id: number): Promise<Run> => getJson<Run>(`/console/api/runs/${id}`);
export const cancelRun = (id: number): Promise<Run> => postJson<Run>(`/console/api/runs/${id}/cancel`, {});
export const requestPlan = (on: string, policy: string, asDraft: boolean): Promise<{ run_id: number }> =>
  postJson("/console/api/plan", { on, policy, as_draft: asDraft });

/** Health answers 503 with the same JSON when something is wrong, which is what we ask about. */
export async function isSchedulerAlive(): Promise<boolean> {
  const health = await getJsonOf<{ scheduler_alive: boolean }>("/healthz", [200, 503]);
  return health.scheduler_alive;
}
