/* Sends what waits, in order, one at a time. The server takes everything twice, so that what is unsure is sent again. */
import { HttpError, postFile, postJson } from "../shared/http";
import type { Outbox, Report } from "./outbox";

/** Why sending has stopped: nothing waits, no network, a server that is not itself, signed out, an account that may not, or a page too old to be believed. */
export type Ended = "all sent" | "no network" | "server trouble" | "signed out" | "shut out" | "old page";

/** An answer about the report itself: sending it again would change nothing. Something on the way says only that it is too large. */
const isRefusal = ({ status, isProblem }: HttpError): boolean =>
  status === 413 || (isProblem && [400, 403, 404, 409].includes(status));

/** A page that another one does not let send for as long as this sends all the same: that one may have been put to sleep. */
const PATIENCE_MS = 20_000;

/** Of several open pages one sends, and the others find nothing left. Plain http has no locks: there they look before each report. */
export async function sendAll(outbox: Outbox, technicianId: number): Promise<Ended> {
  const sendInOrder = () => sendWhatWaits(outbox, technicianId);
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

async function sendWhatWaits(outbox: Outbox, technicianId: number): Promise<Ended> {
  for (const report of await outbox.list(technicianId)) {
    if (report.refused !== undefined || !(await outbox.has(report.id))) continue;
    try {
      await send(report);
      await outbox.remove(report.id);
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      if (error.status === 401) return "signed out";
      if (error.isOldPage) return "old page";
      if (error.isShutOut) return "shut out";
      if (error.status >= 500) return "server trouble";
      if (!isRefusal(error)) return "no network"; // or something on the way that answers for it: later
      await outbox.refuse(report, error.message);
    }
  }
  return "all sent";
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
