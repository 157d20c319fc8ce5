/* The technician's day on a phone: entry of the phone page. Keeps the day, draws it, reports what happens. */
import type { Status } from "../shared/board";
import { byId, el, fill } from "../shared/dom";
import { getJson, HttpError, postJson } from "../shared/http";
import { keepUpToDate } from "../shared/live";
import { touches } from "../shared/news";
import { SiteClock } from "../shared/time";
import { withStatus, type Day, type Stop } from "./day";
import { listHeader, listView } from "./list_view";
import "./phone.css";
import { stopHeader, stopView } from "./stop_view";

const app = byId("app", HTMLElement);
const head = byId("head", HTMLElement);
const trouble = byId("trouble", HTMLElement);
const news = byId("news", HTMLElement);
const foot = byId("foot", HTMLElement);
const today = document.body.dataset.today ?? "";
let day = JSON.parse(byId("day", HTMLScriptElement).textContent ?? "") as Day;
let listScroll = 0;
let sending = false;

/** The stop that the address names, as in /phone#stop-12. */
function openStop(): Stop | undefined {
  const id = /^#stop-(\d+)$/.exec(location.hash)?.[1];
  return id === undefined ? undefined : day.stops.find((stop) => stop.stop_id === Number(id));
}

function draw(): void {
  const focused = document.activeElement?.id;
  const stop = openStop();
  fill(head, stop ? stopHeader(stop) : listHeader(day, today));
  fill(app, ...(stop ? stopView(day, stop, report) : listView(day, report)));
  foot.hidden = stop !== undefined;
  document.title = `${stop ? stop.title : "My day"} · Wrenchtime`;
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

/** Shows another page of the same document: as after a click on a link, reading starts at the top. */
function turnPage(event: HashChangeEvent): void {
  const leavesList = !/#stop-/.test(event.oldURL);
  if (leavesList) listScroll = window.scrollY;
  say("");
  draw();
  window.scrollTo(0, openStop() ? 0 : listScroll);
  byId("title", HTMLElement).focus({ preventScroll: true });
}

/** Shows the new status at once, and takes it back, saying why, when the server refuses it. One report at a time. */
async function report(stop: Stop, to: Status, reason = ""): Promise<void> {
  if (sending) return;
  setSending(true);
  const before = stop.status;
  say("");
  day = withStatus(day, stop.stop_id, to);
  draw();
  try {
    await postJson(`/phone/api/stops/${stop.stop_id}/status`, { status: to, reason });
    news.textContent = "Saved.";
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    day = withStatus(day, stop.stop_id, before);
    draw();
    say(`Not saved. ${error.message}`, error.status);
  } finally {
    setSending(false);
  }
  await refresh();
}

/** Reads the day again: another version may have been published, or a dispatcher moved something. */
async function refresh(): Promise<void> {
  if (sending) return;
  try {
    const fresh = await getJson<Day>(`/phone/api/day?on=${day.on}`);
    if (sending) return; // what was tapped meanwhile is newer than this answer
    day = fresh;
    draw();
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    if (!trouble.textContent) say(error.message, error.status);
  }
}

function setSending(busy: boolean): void {
  sending = busy;
  document.body.classList.toggle("is-sending", busy);
}

function say(sentence: string, status = 0): void {
  const signIn = el("a", { attrs: { href: `/login?next=${encodeURIComponent(location.pathname + location.search)}` } }, "Sign in");
  fill(trouble, sentence, ...(status === 401 ? [" ", signIn] : []));
  trouble.hidden = sentence === "";
}

/** A page that was left open over night must not go on calling yesterday today. */
function isOfAnotherDay(): boolean {
  return day.on === today && new SiteClock(day.zone).day(Date.now()) !== today;
}

window.addEventListener("hashchange", turnPage);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "visible") return;
  if (isOfAnotherDay()) location.assign("/phone");
  else void refresh();
});
draw();
keepUpToDate({ concerns: (news) => touches(news, day.on), refresh });
