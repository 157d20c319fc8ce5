/* Small pieces that the list and the single stop share. */
import type { LatLon, Status } from "../shared/board";
import { el, type Child } from "../shared/dom";
import { icon, type IconName } from "../shared/icons";
import { lookClass, lookIcon, lookWords } from "../shared/status";
import type { SiteClock } from "../shared/time";
import { isOver, type Day, type Stop } from "./day";

export function statusPill(status: Status): HTMLElement {
  return el("span", { class: `fs-pill ${lookClass(status)}` }, icon(lookIcon(status)), lookWords(status));
}

/** Until somebody has opened it on this phone. */
export const newPill = (stop: Pick<Stop, "new_since">): HTMLElement | null =>
  stop.new_since ? el("span", { class: "fs-pill fs-new" }, "New") : null;

/** A card with a picture and a title; `aside` says how much there is. */
export function card(picture: IconName, title: string, aside: string | null, content: Child): HTMLElement {
  const id = `card-${title.toLowerCase().replaceAll(" ", "-")}`;
  return el(
    "section",
    { class: "fs-card", attrs: { "aria-labelledby": id } },
    el("h2", { class: "fs-need", attrs: { id } }, icon(picture), title, aside ? el("span", { class: "fs-aside" }, aside) : null),
    content,
  );
}

/** "11:00–13:00 or 15:00–16:00"; null when the customer may be visited at any time. */
export function windowWords(stop: Stop, clock: SiteClock): string | null {
  if (stop.windows.length === 0) return null;
  return stop.windows.map(([opens, closes]) => clock.span(opens, closes)).join(" or ");
}

/** "11:00–12:00": the window that the customer was told; null without one, as in a day kept from before there were any. */
export function promisedWords({ promise }: Stop, day: Day, clock: SiteClock): string | null {
  return promise ? clock.spanOrDay(promise.from_at, promise.until_at, day.on) : null;
}

/** What the customer counts on comes first, else when work may start; null at any time. */
export function startWords(stop: Stop, day: Day, clock: SiteClock, otherwise = ""): string | null {
  const promised = promisedWords(stop, day, clock);
  if (promised) return `Promised ${promised}`;
  const window = windowWords(stop, clock);
  return window && `${otherwise}${window}`;
}

/** "10:40": when work will really begin; null where it is as planned, or has begun on this phone since. */
export function expectedWords(stop: Pick<Stop, "expected_at" | "status">, clock: SiteClock): string | null {
  const hasBegun = isOver(stop) || stop.status === "on_site";
  return stop.expected_at && !hasBegun ? clock.time(stop.expected_at) : null;
}

/** Opens the phone's own navigation, or OpenStreetMap in the browser where there is none. */
export function navigateHref([lat, lon]: LatLon, agent = navigator.userAgent): string {
  const point = `${lat},${lon}`;
  if (/Android/.test(agent)) return `geo:${point}?q=${point}`;
  if (/iPhone|iPad|iPod/.test(agent)) return `https://maps.apple.com/?daddr=${point}`;
  return `https://www.openstreetmap.org/directions?to=${encodeURIComponent(point)}`;
}

/** A tel: link takes digits and a leading plus only. */
export const callHref = (phone: string): string => `tel:${phone.replace(/[^\d+]/g, "")}`;

export function actionTiles(stop: Stop): HTMLElement {
  return el(
    "div",
    { class: "fs-tiles" },
    tile("navigate", "Navigate", `Navigate to ${stop.address}`, navigateHref(stop.location)),
    stop.phone ? tile("phone", "Call", `Call ${stop.customer}`, callHref(stop.phone)) : null,
  );
}

function tile(picture: IconName, words: string, label: string, href: string): HTMLElement {
  const away = href.startsWith("https:") ? { target: "_blank", rel: "noopener" } : {};
  return el("a", { class: "fs-tile", attrs: { href, "aria-label": label, ...away } }, icon(picture), words);
}
