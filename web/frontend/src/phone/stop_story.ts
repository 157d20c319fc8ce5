/* What is known of a visit: the thing worked on, the visits before, and what is written and photographed now. */
import { el } from "../shared/dom";
import { icon } from "../shared/icons";
import { SiteClock } from "../shared/time";
import type { Day, Photo, Stop, Written } from "./day";
import type { Tell } from "./move_buttons";
import { card } from "./parts";
import { shrink } from "./picture";

export function assetsCard(stop: Stop): HTMLElement | null {
  if (stop.assets.length === 0) return null;
  const lines = stop.assets.map((asset) =>
    el(
      "li",
      {},
      el("strong", {}, asset.name),
      el("span", {}, [asset.words, asset.installed_on && `installed ${asset.installed_on}`].filter(Boolean).join(" · ")),
      asset.notes ? el("span", { class: "fs-note" }, asset.notes) : null,
    ),
  );
  return card("tool", "What to work on", null, el("ul", { class: "fs-lines" }, ...lines));
}

export function beforeCard(day: Day, stop: Stop): HTMLElement | null {
  if (stop.before.length === 0) return null;
  const clock = new SiteClock(day.zone);
  const lines = stop.before.map((visit) =>
    el(
      "li",
      {},
      el("strong", {}, visit.title),
      el("span", {}, `${clock.day(Date.parse(visit.at))} · ${visit.status}`),
      visit.words ? el("span", { class: "fs-note" }, visit.words) : null,
    ),
  );
  return card("again", "Here before", null, el("ul", { class: "fs-lines" }, ...lines));
}

/** Half-written notes outlive drawing the page anew. */
const fields = new Map<number, HTMLTextAreaElement>();
export const hasHalfWrittenNote = (): boolean => [...fields.values()].some((field) => field.value.trim() !== "");

export function notesCard(day: Day, stop: Stop, tell: Tell): HTMLElement {
  const clock = new SiteClock(day.zone);
  const field = fields.get(stop.job_id) ?? el("textarea", { class: "fs-why", attrs: { id: "note", rows: 2, maxlength: 4000 } });
  fields.set(stop.job_id, field);
  const write = async () => {
    const text = field.value.trim();
    if (!text) {
      field.focus();
      return;
    }
    field.value = ""; // at once: a second tap writes no second note
    if (!(await tell(stop, { kind: "note", text }))) field.value = [text, field.value].filter(Boolean).join("\n");
  };
  return card(
    "note",
    "Notes",
    null,
    el(
      "div",
      {},
      stop.written.length > 0 ? el("ul", { class: "fs-lines" }, ...stop.written.map((one) => noteLine(one, clock, day.on))) : null,
      el("label", { class: "fs-label", attrs: { for: "note" } }, "Write down what you saw or were told"),
      field,
      el("button", { class: "fs-button", attrs: { type: "button", id: "write-note" }, on: { click: () => void write() } }, "Keep this note"),
    ),
  );
}

function noteLine({ at, who, text, waits }: Written, clock: SiteClock, on: string): HTMLElement {
  return el(
    "li",
    {},
    el("span", { class: "fs-note" }, text),
    el("small", {}, `${who} · ${clock.timeOrDay(at, on)}${waits ? " · not sent yet" : ""}`),
  );
}

export function photosCard(stop: Stop, tell: Tell, sayTrouble: (sentence: string) => void): HTMLElement {
  const input = el("input", {
    class: "fs-hidden-visually",
    attrs: { id: "take-photo", type: "file", accept: "image/*", capture: "environment", multiple: true },
    on: { change: () => void keep([...(input.files ?? [])]) },
  });
  async function keep(files: File[]): Promise<void> {
    for (const file of files) {
      try {
        const { file: picture, preview } = await shrink(file);
        void tell(stop, { kind: "photo", picture, preview });
      } catch {
        sayTrouble(`“${file.name}” is not a picture that this phone can read. Take another one.`);
      }
    }
  }
  return card(
    "camera",
    "Photos",
    stop.photos.length > 0 ? String(stop.photos.length) : null,
    el(
      "div",
      {},
      stop.photos.length > 0 ? el("ul", { class: "fs-photos" }, ...stop.photos.map(thumbnail)) : null,
      el("label", { class: "fs-button", attrs: { for: "take-photo" } }, icon("camera"), "Take a photo"),
      input,
    ),
  );
}

function thumbnail(photo: Photo, index: number): HTMLElement {
  const alt = photo.caption || `Photo ${index + 1} of this visit`;
  if (photo.id === null) {
    const waits = photo.waits && el("small", {}, "not sent yet");
    return el("li", { class: "is-waiting" }, el("img", { attrs: { src: photo.preview, alt } }), waits);
  }
  const picture = el("img", { attrs: { src: `/photos/${photo.id}?size=small`, alt, loading: "lazy" } });
  return el("li", {}, el("a", { attrs: { href: `/photos/${photo.id}`, target: "_blank", rel: "noopener" } }, picture));
}
