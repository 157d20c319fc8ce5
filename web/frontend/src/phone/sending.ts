/* Sends what waits, in order, one at a time. The server takes everything twice, so that what is unsure is sent again.
   A report at which the server fails time and again holds up its own visit alone: that of other visits goes past it. */
import { HttpError, postFile, postJson } from "../shared/http";
import type { Outbox, Report } from "./outbox";

/** Why sending has stopped: nothing waits, a report that the server fails at, and what waits behind it, no network, a server that is not itself, signed out,
    an account that may not, or a page too old to be believed. */
export type Ended = "all sent" | "stuck" | "no network" | "server trouble" | "signed out" | "shut out" | "old page";

/** What an answer that is about no report says of what comes after it; read or sent again as soon as it may be. */
export function endedBy(error: HttpError): Ended {
  if (error.status === 401) return "signed out";
  if (error.isOldPage) return "old page";
  if (error.isShutOut) return "shut out";
  return error.status >= 500 ? "server trouble" : "no network"; // or something on the way that answers for it
}

/** An answer about the report itself: sending it again would change nothing. Something on the way says only that it is too large. */
const isRefusal = ({ status, isProblem }: HttpError): boolean =>
  status === 413 || (isProblem && [400, 403, 404, 409].includes(status));

/** So often the server fails at a report before those of other visits go past it: it may just be starting anew. */
const PATIENT_TRIES = 3;
const FIRST_PAUSE_MS = 60_000;
const LONGEST_PAUSE_MS = 300_000;

/** What the server fails at time and again, while it may take everything else. */
export const isStuck = ({ refused, failures = 0 }: Report): boolean => refused === undefined && failures >= PATIENT_TRIES;

/** Reports of one visit keep their order among themselves; what is told of the day itself has one of its own. */
export const visitOf = ({ jobId, what }: Report): number => (what.kind === "happened" ? (what.job_id ?? 0) : jobId);

/** A page that another one does not let send for as long as this sends all the same: that one may have been put to sleep. */
const PATIENCE_MS = 20_000;

/** Of several open pages one sends, and the others find nothing left. Plain http has no locks: there they look before each report.
    `isEager` leaves out the pauses: whatever was at fault before, it was not the one report. */
export async function sendAll(outbox: Outbox, technicianId: number, isEager = false): Promise<Ended> {
  const sendInOrder = () => sendWhatWaits(outbox, technicianId, isEager);
  if (!("locks" in navigator)) return sendInOrder();
  const patience = new AbortController(); // AbortSignal.timeout is younger than locks: phones of 2021 have these alone
  const timer = setTimeout(() => patience.abort(), PATIENCE_MS);
  const sendFirst = () => {
    clearTimeout(timer);
    return sendInOrder();
  };
  try {
    return await navigator.locks.request("wrenchtime-outbox", { signal: patience.signal }, sendFirst);
  } catch (error) {
    if (patience.signal.aborted) return sendInOrder();
    throw error;
  }
}

async function sendWhatWaits(outbox: Outbox, technicianId: number, isEager: boolean): Promise<Ended> {
  const held = new Set<number>();
  for (const report of await outbox.list(technicianId)) {
    if (report.refused !== undefined || held.has(visitOf(report)) || !(await outbox.has(report.id))) continue;
    if (!isEager && isPaused(report)) {
      held.add(visitOf(report));
      continue;
    }
    try {
      await send(report);
      await outbox.remove(report.id);
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      if (endedBy(error) === "server trouble") {
        const failed = failedAgain(report);
        await outbox.mark(failed);
        if (!isStuck(failed)) return "server trouble";
        held.add(visitOf(report));
        continue;
      }
      if (endedBy(error) !== "no network" || !isRefusal(error)) return endedBy(error);
      await outbox.mark({ ...report, refused: error.message });
    }
  }
  return held.size > 0 ? "stuck" : "all sent";
}

/** Pauses double. */
function failedAgain(report: Report): Report {
  const failures = (report.failures ?? 0) + 1;
  const doubled = FIRST_PAUSE_MS * 2 ** Math.max(0, failures - PATIENT_TRIES);
  return { ...report, failures, againMs: Date.now() + Math.min(doubled, LONGEST_PAUSE_MS) };
}

/** A clock that was set back meanwhile makes no longer pause. */
function isPaused(report: Report): boolean {
  const left_ms = (report.againMs ?? 0) - Date.now();
  return isStuck(report) && left_ms > 0 && left_ms <= LONGEST_PAUSE_MS;
}

function send({ stopId, madeMs, what }: Report): Promise<unknown> {
  const path = `/phone/api/stops/${stopId}`;
  const waited_s = waitedSeconds(madeMs);
  switch (what.kind) {
    case "status":
      return postJson(`${path}/status`, { status: what.to, reason: what.reason, waited_s });
    case "seen":
      return postJson(`${path}/seen`, { waited_s });
    case "step":
      return postJson(`${path}/steps/${what.position}`, { done: what.done, waited_s });
    case "part":
      return postJson(`${path}/parts`, { part: what.part, used: what.used });
    case "missing":
      return postJson(`${path}/missing`, { part: what.part, count: what.count, words: what.words, waited_s });
    case "note":
      return postJson(`${path}/notes`, { text: what.text, waited_s });
    case "happened": {
      const { kind: _, event, key, ...said } = what;
      return postJson("/phone/api/happened", { kind: event, ...said, waited_s }, { "Idempotency-Key": key });
    }
    case "photo":
      return postFile(`${path}/photos?waited_s=${waited_s}`, what.picture);
  }
}

const WEEK_S = 7 * 24 * 3600;

/** How long ago it happened, in whole seconds; a clock that was set back meanwhile makes it now. */
export function waitedSeconds(madeMs: number, nowMs = Date.now()): number {
  return Math.min(Math.max(0, Math.round((nowMs - madeMs) / 1000)), WEEK_S);
}

/** A phone says that it has a network a little before it has one: it is tried again after these. */
const SOON_MS = [1_000, 3_000, 8_000];

/** Does it at once, and soon again as often as it did not work. */
export async function soonAgain(work: () => Promise<void>, isMissing: () => boolean): Promise<void> {
  await work();
  for (const ms of SOON_MS) {
    if (!isMissing()) return;
    await new Promise((next) => setTimeout(next, ms));
    await work();
  }
}
