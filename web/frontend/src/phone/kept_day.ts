/* The day as the server last told it, kept beside the page: a page opened without a network begins where the last one was. */
import type { Day } from "./day";

const CACHE = "wrenchtime-page";
const KEY = "/phone/kept-day";

export async function keepDay(day: Day): Promise<void> {
  if (!("caches" in window)) return; // plain http: nothing opens without a network there anyway
  try {
    await (await caches.open(CACHE)).put(KEY, new Response(JSON.stringify(day)));
  } catch (error) {
    console.info(error); // no room: what is shown now is right all the same, and without a network the page says that it may be old
  }
}

/** Whoever uses this phone next must find nothing of the day on it; the files of the page are everybody's, and stay. */
export async function forgetDay(): Promise<void> {
  if ("caches" in window) await caches.delete(CACHE);
}

/** The newer of the day in the page and the one kept, if that is the same person's same day. */
export async function newest(day: Day): Promise<Day> {
  if (!("caches" in window)) return day;
  const kept = (await (await caches.match(KEY, { cacheName: CACHE }))?.json()) as Day | undefined;
  const isSame = kept !== undefined && kept.on === day.on && kept.technician.id === day.technician.id;
  return isSame && isNewer(kept, day) ? kept : day;
}

/** Times are whole seconds, in which a day is read, something is reported, and the day is read again. */
const isNewer = (one: Day, other: Day): boolean =>
  one.now_at > other.now_at || (one.now_at === other.now_at && (one.seq > other.seq || (one.seq === other.seq && one.added === true)));
