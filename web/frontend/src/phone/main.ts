/* The technician's day on a phone: entry of the phone page. Keeps the day, draws it, tells what happens. */
import { byId, fill } from "../shared/dom";
import { getJson, HttpError } from "../shared/http";
import { keepUpToDate } from "../shared/live";
import { touches } from "../shared/news";
import { dayGoingOn, isStale, missingSteps, type Day, type Stop } from "./day";
import { keepDay, newest } from "./kept_day";
import { listHeader, listView } from "./list_view";
import { settle } from "./move_buttons";
import { showRefused, showWaiting } from "./network";
import { Outbox, type Report, type What } from "./outbox";
import { goneThrough, withTaken, withWaiting } from "./pending";
import "./phone.css";
import { endedBy, isStuck, sendAll, soonAgain, type Ended } from "./sending";
import { endSession } from "./sign_out";
import { hasHalfWrittenNote } from "./stop_story";
import { stopHeader, stopView } from "./stop_view";
import { tellOffice } from "./tell_office";

/** How often it is looked whether something is due while the page is open: not every browser says when the network is back. */
const AGAIN_MS = 30_000;
const MAKE_ROOM = "Leave private browsing, or make room on the phone.";

const app = byId("app", HTMLElement);
const head = byId("head", HTMLElement);
const trouble = byId("trouble", HTMLElement);
const network = byId("network", HTMLElement);
const refused = byId("refused", HTMLElement);
const news = byId("news", HTMLElement);
const foot = byId("foot", HTMLElement);
const pageDay = document.body.dataset.today ?? "";
/** As the server last told it, and with what it has taken since. */
let told = JSON.parse(byId("day", HTMLScriptElement).textContent ?? "") as Day;
const me = told.technician.id;
/** Or why this browser keeps nothing, as in private windows of some: the day is read all the same. */
const outbox: Promise<Outbox | Error> = Outbox.open().catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
let reports: Report[] = [];
/** `told`, and what waits on this phone. */
let day = told;
let listScroll = 0;
let sending: Promise<void> | null = null;
let ended: Ended = "all sent";
let isLeaving = false;
/** By how much the server's clock is ahead of this phone's, as when the day was last read. */
let aheadMs = 0;
/** Why the day could not be read, said until it can. */
let notRead = "";

/** The stop that the address names, as in /phone#stop-12. */
function openStop(): Stop | undefined {
  const id = /^#stop-(\d+)$/.exec(location.hash)?.[1];
  return id === undefined ? undefined : day.stops.find((stop) => stop.stop_id === Number(id));
}

function draw(): void {
  day = withWaiting(told, reports);
  const focused = document.activeElement?.id;
  const stop = openStop();
  fill(head, stop ? stopHeader(stop) : listHeader(day, today()));
  fill(app, ...(stop ? stopView(day, stop, reportMs(), tell, say) : listView(day, reportMs(), tell)));
  showWaiting(network, reports, ended, day);
  showRefused(refused, reports, (report) => void forget(report));
  foot.hidden = stop !== undefined;
  if (stop?.new_since) lookAt(stop);
  document.title = `${stop ? stop.title : "My day"} · Wrenchtime`;
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

/** Shows another page of the same document: as after a click on a link, reading starts at the top. */
function turnPage(event: HashChangeEvent): void {
  const leavesList = !/#stop-/.test(event.oldURL);
  if (leavesList) listScroll = window.scrollY;
  document.querySelectorAll<HTMLDialogElement>("dialog[open]").forEach((one) => one.close()); // it was about the page before
  say("");
  draw();
  window.scrollTo(0, openStop() ? 0 : listScroll);
  byId("title", HTMLElement).focus({ preventScroll: true });
}

/** Keeps what happened on the phone, shows it at once, and sends it. */
async function tell(pressed: Stop, what: What): Promise<boolean> {
  const stop = what.kind === "status" && underWay > 0 ? await asKept(pressed) : pressed;
  const missing = what.kind === "status" && what.to === "done" ? missingSteps(stop) : [];
  if (missing.length > 0) {
    say(`Not done yet: ${missing.join("; ")}. Tick what is done, or report “Come again”.`);
    document.querySelector(".fs-checks")?.scrollIntoView({ block: "center" });
    return false;
  }
  say("");
  if (what.kind === "status") settle();
  return keep({ technicianId: me, stopId: stop.stop_id, jobId: stop.job_id, madeMs: Date.now(), what });
}

/** A quick thumb ticks the last step and says "done" before the page has been drawn with that. */
async function asKept(stop: Stop): Promise<Stop> {
  settle(); // the second tap of a double one must not come in between
  await adding;
  await readOutbox();
  return day.stops.find(({ stop_id }) => stop_id === stop.stop_id) ?? stop;
}

/** What the office sent is new until it is opened; several drawings of it are one look. */
const looked = new Set<string>();
function lookAt(stop: Stop): void {
  const look = `${stop.job_id} ${stop.new_since}`;
  if (looked.has(look)) return;
  looked.add(look);
  void keep({ technicianId: me, stopId: stop.stop_id, jobId: stop.job_id, madeMs: Date.now(), what: { kind: "seen" } });
}

async function getOutbox(): Promise<Outbox> {
  const kept = await outbox;
  if (kept instanceof Error) throw kept;
  return kept;
}

/** How many things that happened are being kept and sent; */
let underWay = 0;
/** and what comes to its end when all of them are kept. */
let adding: Promise<unknown> = Promise.resolve();

async function keep(report: Omit<Report, "id">): Promise<boolean> {
  document.body.classList.toggle("is-sending", ++underWay > 0);
  try {
    if (!(await add(report))) return false;
    if (report.what.kind === "status") settle(); // again: the buttons change now
    await readOutbox();
    await sendWaiting();
    return true;
  } finally {
    document.body.classList.toggle("is-sending", --underWay > 0);
  }
}

async function add(report: Omit<Report, "id">): Promise<boolean> {
  const added = getOutbox().then((kept) => kept.add(report));
  adding = Promise.allSettled([adding, added]);
  try {
    await added;
    return true;
  } catch (error) {
    draw(); // a tick that was not kept is none
    say(`This browser kept nothing of that (${String(error)}). ${MAKE_ROOM}`);
    return false;
  }
}

async function forget(report: Report): Promise<void> {
  await (await getOutbox()).remove(report.id);
  await readOutbox();
}

async function readOutbox(): Promise<void> {
  const kept = await outbox;
  const waiting = kept instanceof Error ? [] : await kept.list(me);
  told = withTaken(told, goneThrough(reports, waiting));
  reports = waiting;
  draw();
}

/** Sends what waits, reads the day anew, and says where that stands; one at a time. */
async function sendWaiting(): Promise<void> {
  while (sending) await sending;
  if (isLeaving) return;
  sending = (async () => {
    const kept = await outbox;
    const wasInTrouble = ended === "server trouble" || ended === "no network";
    ended = kept instanceof Error ? "all sent" : await sendAll(kept, me, wasInTrouble);
    const was = reports.length;
    await readOutbox();
    if (hasGoneThrough()) await refresh(); // where that fails as well, it is not the report that is stuck
    draw();
    if (hasGoneThrough() && was > reports.length) news.textContent = "Saved.";
  })();
  try {
    await sending;
  } finally {
    sending = null;
  }
}

/** Whether all has been sent that the server takes. */
const hasGoneThrough = (): boolean => ended === "all sent" || ended === "stuck";

/** A page from the phone's own store says so, and shows what was last known; what waits is sent. */
async function begin(): Promise<void> {
  if (location.hash === "#only-today") {
    history.replaceState(null, "", "/phone");
    say("There is no network, and only today is kept on this phone. Look at other days when there is one.");
  }
  const isFresh = navigator.onLine && Math.abs(Date.now() - Date.parse(told.now_at)) < 60_000; // a phone's clock may be behind
  told = await newest(told);
  await readOutbox();
  const kept = await outbox;
  if (kept instanceof Error) say(`Nothing can be reported here: this browser keeps nothing (${String(kept)}). ${MAKE_ROOM}`);
  if (!isFresh || reports.length > 0) await sendWaiting();
  else await keepToday();
}

/** Of several days that are looked at, today's is the one with which the page opens without a network. */
async function keepToday(): Promise<void> {
  if (told.on === pageDay) await keepDay(told);
}

/** Reads the day for an event, unless it was read meanwhile: a report of this phone is heard of while it is being sent. */
async function catchUp(newest: number): Promise<void> {
  while (sending) await sending;
  if (newest > told.seq) await sendWaiting();
}

/** Reads the day again: another version may have been published, or a dispatcher moved something. */
async function refresh(): Promise<void> {
  try {
    const known = new Set(told.stops.filter((stop) => stop.new_since).map((stop) => stop.job_id));
    const read = await getJson<Day>(`/phone/api/day?on=${told.on}`);
    if (read.technician.id !== me) {
      location.assign("/phone"); // somebody else has signed in on this phone: this page is not theirs
      return;
    }
    told = read;
    aheadMs = Date.parse(read.now_at) - Date.now();
    const sent = told.stops.filter((stop) => stop.new_since && !known.has(stop.job_id));
    if (sent.length > 0) news.textContent = `New from the office: ${sent.map((stop) => stop.title).join("; ")}.`;
    await keepToday();
    if (trouble.textContent === notRead) say("");
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    await keepToday(); // with what was taken meanwhile
    ended = endedBy(error);
    if (error.status !== 0 && (ended === "server trouble" || ended === "no network")) say((notRead = error.message));
  }
}

function say(sentence: string): void {
  fill(trouble, sentence);
  trouble.hidden = sentence === "";
}

/** By the server's clock, as far as it is known; what the server called today is not held back by a phone's wrong one. */
const nowMs = (): number => Date.now() + aheadMs;
const reportMs = (): number => (told.on <= pageDay ? Infinity : nowMs());

/** The day that goes on at the site, also on a page that was kept since yesterday. */
function today(): string {
  return told.on === pageDay ? dayGoingOn(told, nowMs()) : pageDay;
}

/** A page that was left open over night must not go on calling yesterday today. */
const isOfAnotherDay = (): boolean => told.on === pageDay && today() !== pageDay;

/** Whether something is being written that another page would not have. */
const isWriting = (): boolean => hasHalfWrittenNote() || document.querySelector("dialog[open]") !== null;

/** Whoever uses this phone next must find nothing on it; what is not sent yet must not go with it. */
async function signOut(event: SubmitEvent): Promise<void> {
  event.preventDefault();
  await readOutbox();
  const waiting = reports.filter((one) => one.refused === undefined).length;
  if (waiting > 0) {
    const when = reports.some(isStuck) ? "Sign out when the office's server has taken them" : "Sign out when there is a network and they are sent";
    say(`${waiting} of your reports are on this phone alone. ${when}.`);
    window.scrollTo(0, 0);
    return;
  }
  isLeaving = true;
  try {
    while (sending) await sending; // which keeps the day that it reads
    await endSession(event.target as HTMLFormElement);
  } catch (error) {
    isLeaving = false;
    if (!(error instanceof HttpError)) throw error;
    say(error.message);
    window.scrollTo(0, 0);
  }
}

window.addEventListener("hashchange", turnPage);
window.addEventListener("online", () => void soonAgain(sendWaiting, () => ended === "no network" && navigator.onLine));
/** Whether something waits to be sent, or the day that is looked at may be as told no more. */
const isDue = (): boolean => ended !== "all sent" || reports.length > 0 || (document.visibilityState === "visible" && isStale(told, nowMs()));
window.setInterval(() => void (isDue() && sendWaiting()), AGAIN_MS);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "visible") return;
  if (isOfAnotherDay() && navigator.onLine && !isWriting()) location.assign("/phone");
  else void sendWaiting();
});
byId("tell-office", HTMLButtonElement).addEventListener("click", () =>
  tellOffice(day, reports, (what) => void keep({ technicianId: me, stopId: 0, jobId: 0, madeMs: Date.now(), what })),
);
foot.querySelector("form")?.addEventListener("submit", (event) => void signOut(event));
draw();
void begin();
keepUpToDate({ concerns: (heard) => heard.seq > told.seq && touches(heard, told.on), refresh: catchUp });
if ("serviceWorker" in navigator) {
  // Without one the page works as long as there is a network: on plain http, or where the browser forbids it.
  navigator.serviceWorker.register("/phone/worker.js", { scope: "/phone" }).catch((error: unknown) => console.info(error));
}
