/* Tells the office that somebody is late or ill, that a visit takes longer, or that a road is closed; kept like every report. */
import { el } from "../shared/dom";
import { SiteClock } from "../shared/time";
import { isBegun, isOver, type Day, type Stop } from "./day";
import type { Happened, Report } from "./outbox";

export const TITLES: Record<Happened["event"], string> = {
  technician_late: "I am late",
  overrun: "This visit takes longer",
  road_closed: "A road is closed",
  technician_ill: "I cannot go on working",
};
type Event = Happened["event"];

/** Which fields each kind has. */
const FIELDS: Record<Event, readonly string[]> = {
  technician_late: ["minutes"],
  overrun: ["visit", "minutes"],
  road_closed: ["visit", "until"],
  technician_ill: ["until-on"],
};

/** The visits that it can be about; null where it is about none. */
export function visitsFor(kind: Event, day: Pick<Day, "stops">): Stop[] | null {
  if (kind === "overrun") return day.stops.filter(isBegun);
  return kind === "road_closed" ? day.stops.filter((stop) => !isOver(stop)) : null;
}

/** What can be told as the day stands: nobody overruns before they have begun. */
export const kindsFor = (day: Pick<Day, "stops">): Event[] =>
  (Object.keys(TITLES) as Event[]).filter((kind) => visitsFor(kind, day)?.length !== 0);

/** What was told already, with what is still on this phone. */
export function toldLines(day: Day, reports: readonly Report[]): string[] {
  const clock = new SiteClock(day.zone);
  const line = (at: string, kind: string, words: string, more = "") =>
    `${clock.timeOrDay(at, day.on)}: ${TITLES[kind as Event] ?? kind.replaceAll("_", " ")}${words && `, “${words}”`}${more}`;
  const waiting = reports.flatMap(({ what, madeMs, refused }) =>
    what.kind === "happened" && refused === undefined ? [line(new Date(madeMs).toISOString(), what.event, what.words, ", not sent yet")] : [],
  );
  return [...day.told.map((one) => line(one.at, one.kind, one.words)), ...waiting];
}

export function tellOffice(day: Day, reports: readonly Report[], tell: (what: Happened) => void): void {
  const clock = new SiteClock(day.zone);
  const input = (id: string, type: string, more: Record<string, string | number | boolean> = {}) =>
    el("input", { class: "fs-input", attrs: { id: `tell-${id}`, type, ...more } });
  const kind = select("tell-kind", kindsFor(day).map((one) => [one, TITLES[one]]));
  const visit = select("tell-visit", []);
  const minutes = input("minutes", "number", { inputmode: "numeric", min: 1, max: 1440, value: 30, required: true });
  const until = input("until", "time");
  const untilOn = input("until-on", "date", { min: day.on });
  const words = input("words", "text", { maxlength: 1000 });
  const field = (id: string, title: string, control: HTMLElement) =>
    el("div", { data: { field: id } }, el("label", { attrs: { for: control.id } }, title), control);
  const fields = [
    field("visit", "Which visit", visit),
    field("minutes", "By how many minutes", minutes),
    field("until", "Closed until, if you know", until),
    field("until-on", "Ill through, if you know", untilOn),
  ];
  const told = toldLines(day, reports);
  const dialog = el(
    "dialog",
    { class: "fs-dialog", attrs: { "aria-labelledby": "tell-title" }, on: { close: () => dialog.remove() } },
    el("h2", { attrs: { id: "tell-title" } }, "Tell the office"),
    told.length > 0 ? el("ul", { class: "fs-lines", attrs: { "aria-label": "What you have told today" } }, ...told.map((one) => el("li", {}, one))) : null,
    el("label", { attrs: { for: "tell-kind" } }, "What has happened"),
    kind,
    ...fields,
    field("words", "In words (not required)", words),
    el(
      "div",
      { class: "fs-moves" },
      el("button", { class: "fs-button", attrs: { type: "button" }, on: { click: () => dialog.close() } }, "Go back"),
      el("button", { class: "fs-button is-usual", attrs: { type: "button" }, on: { click: confirmed } }, "Tell the office"),
    ),
  );
  const chosen = (): Event => kind.value as Event;
  function show(): void {
    for (const one of fields) one.hidden = !FIELDS[chosen()].includes(one.dataset.field ?? "");
    const options = (visitsFor(chosen(), day) ?? []).map((stop): [string, string] => [
      String(stop.job_id),
      `${clock.time(stop.start_at)} ${stop.title}, ${stop.customer}`,
    ]);
    visit.replaceChildren(...options.map(([value, text]) => el("option", { attrs: { value } }, text)));
  }
  function confirmed(): void {
    const has = (id: string) => FIELDS[chosen()].includes(id);
    if (has("minutes") && !minutes.reportValidity()) return;
    if (has("until-on") && !untilOn.reportValidity()) return;
    dialog.close();
    tell({
      kind: "happened",
      event: chosen(),
      key: newKey(),
      words: words.value.trim(),
      ...(has("visit") ? { job_id: Number(visit.value) } : {}),
      ...(has("minutes") ? { minutes: Number(minutes.value) } : {}),
      ...(has("until") && until.value ? { until: until.value } : {}),
      ...(has("until-on") && untilOn.value ? { until_on: untilOn.value } : {}),
    });
  }
  kind.addEventListener("change", show);
  show();
  document.body.append(dialog);
  dialog.showModal();
}

const select = (id: string, options: [string, string][]): HTMLSelectElement =>
  el("select", { class: "fs-input", attrs: { id } }, ...options.map(([value, text]) => el("option", { attrs: { value } }, text)));

/** What tells two reports apart, also on plain http, where browsers make no UUIDs. */
const newKey = (): string => [...crypto.getRandomValues(new Uint8Array(16))].map((one) => one.toString(16).padStart(2, "0")).join("");
