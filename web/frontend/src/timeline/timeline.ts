/* The schedule: a row per technician along one day. Only rows in view, and three either side, are in the document. */
import type { Board, Technician } from "../shared/board";
import { isWaiting, visitsOf } from "../shared/board";
import { el, fill } from "../shared/dom";
import { mayPlan } from "../shared/limited";
import { released } from "../shared/press";
import type { Selection } from "../shared/selection";
import { HOUR_MS, SiteClock } from "../shared/time";
import { makeDraggable, type Drop, type Ground } from "./drag";
import { nextKey } from "./focus";
import { RowsInView } from "./rows_in_view";
import { buildRow, buildTimes, technicianKey, visitKey } from "./row";
import { TimeScale, workingSpan } from "./scale";
import "./timeline.css";

export const ROW_PX = 50;
export const ZOOM_LEVELS = [44, 64, 92, 124, 170, 240] as const; // pixels an hour
const DEFAULT_ZOOM = 2;
const SPARE_ROWS = 3;
/** A dragged visit starts on whole five minutes. */
const SNAP_MS = 5 * 60_000;
const TICK_LABEL_PX = 42;

export class Timeline {
  private readonly corner = el("div", { class: "fs-tl-corner" });
  private readonly hours = el("div", { class: "fs-tl-hours" });
  private readonly rows = el("div", { class: "fs-tl-rows" });
  private readonly scroller: HTMLElement;
  private readonly drawn = new RowsInView(this.rows);
  private board: Board | null = null;
  private technicians: readonly Technician[] = [];
  private matches: ReadonlySet<number> | null = null;
  private scale = new TimeScale(0, 0, 1);
  private clock = new SiteClock("UTC");
  private zoom = DEFAULT_ZOOM;
  private selection: Selection | null = null;
  /** The one key that the Tab key reaches. */
  private current: string | null = null;

  constructor(host: HTMLElement, private readonly onSelect: (selection: Selection) => void, onDrop: (drop: Drop) => void) {
    const head = el("div", { class: "fs-tl-head" }, this.corner, this.hours);
    this.scroller = el(
      "div",
      {
        class: "fs-tl",
        attrs: {
          role: "region",
          "aria-label": "Timeline of the technicians",
          "aria-description": "Arrow keys move between visits, Enter shows one in full.",
        },
        on: {
          scroll: () => this.drawRows(),
          click: (event) => this.pick(keyOf(event.target) ?? this.keyOfGhost(event.target)),
          keydown: (event) => this.onKey(event),
          focusin: (event) => this.onFocus(keyOf(event.target)),
        },
      },
      head,
      this.rows,
    );
    fill(host, this.scroller);
    new ResizeObserver(() => void released().then(() => this.redraw())).observe(this.scroller);
    makeDraggable(this.rows, {
      mayMove: (stopId) => this.mayMove(stopId),
      placeAt: (x, y) => this.placeAt(x, y),
      onDrop,
    });
  }

  /** Shows these technicians, with visits outside `matches` faded; scrolls to the time that matters on another day. */
  show(board: Board, technicians: readonly Technician[], matches: ReadonlySet<number> | null): void {
    const isOtherDay = this.board?.on !== board.on || (!this.board.plan && board.plan !== null);
    this.board = board;
    this.technicians = technicians;
    this.matches = matches;
    if (this.clock.zone !== board.zone) this.clock = new SiteClock(board.zone);
    this.redraw();
    if (isOtherDay) this.scrollToNow();
  }

  /** One step in (+1) or out (-1), keeping the middle of the view where it is. */
  zoomBy(steps: number): void {
    const middle = this.scroller.scrollLeft + this.laneViewPx() / 2;
    const instant = this.scale.from + (middle / this.scale.pxPerHour) * HOUR_MS;
    this.zoom = Math.min(Math.max(this.zoom + steps, 0), ZOOM_LEVELS.length - 1);
    this.redraw();
    this.scroller.scrollLeft = this.scale.x(instant) - this.laneViewPx() / 2;
  }

  canZoom(steps: number): boolean {
    return this.zoom + steps >= 0 && this.zoom + steps < ZOOM_LEVELS.length;
  }

  /** Marks the selection, and brings it into view when it was picked elsewhere. */
  select(selection: Selection | null, reveal: boolean): void {
    this.selection = selection;
    const key = keyOfSelection(selection);
    if (key && reveal) this.reveal(key);
    for (const [index, row] of this.drawn.entries()) this.markSelection(index, row);
  }

  /** Puts the keyboard's focus on what is selected. */
  focus(selection: Selection): void {
    const key = keyOfSelection(selection);
    if (!key) return;
    this.reveal(key);
    this.find(key)?.focus({ preventScroll: true });
  }

  /** What has begun, or lies on a day that is over, stays. */
  private mayMove(stopId: number): boolean {
    const visit = this.technicians.flatMap(visitsOf).find(({ stop_id }) => stop_id === stopId);
    return visit !== undefined && isWaiting(visit) && this.board !== null && mayPlan(this.board);
  }

  private placeAt(clientX: number, clientY: number): ReturnType<Ground["placeAt"]> {
    const box = this.rows.getBoundingClientRect();
    const index = Math.floor((clientY - box.top) / ROW_PX);
    const technician = this.technicians[index];
    const x = clientX - box.left - this.corner.offsetWidth;
    if (!technician?.shift || x < 0 || x > this.scale.width) return null;
    const at = Math.round((this.scale.from + (x / this.scale.pxPerHour) * HOUR_MS) / SNAP_MS) * SNAP_MS;
    const words = `${this.clock.time(at)} ${technician.name}`;
    const left = this.corner.offsetWidth + this.scale.x(at);
    return { technicianId: technician.id, startAt: new Date(at).toISOString(), top: index * ROW_PX + 4, left, words };
  }

  private redraw(): void {
    if (!this.board) return;
    const [from, to] = workingSpan(this.board);
    const hours = (to - from) / HOUR_MS;
    const zoomed = ZOOM_LEVELS[this.zoom] ?? ZOOM_LEVELS[DEFAULT_ZOOM];
    this.scale = new TimeScale(from, to, Math.max(zoomed, this.laneViewPx() / hours));
    const focused = this.scroller.contains(document.activeElement) ? keyOf(document.activeElement) : null;
    if (!this.indexOf(this.current)) this.current = this.technicians[0] ? technicianKey(this.technicians[0].id) : null;
    this.drawn.clear();
    this.rows.style.height = `${this.technicians.length * ROW_PX}px`;
    this.rows.style.width = `calc(var(--fs-tl-label) + ${this.scale.width}px)`;
    this.rows.style.setProperty("--fs-tl-hour", `${this.scale.pxPerHour}px`);
    this.drawHead();
    this.drawNow();
    this.drawRows();
    if (focused) this.find(focused)?.focus({ preventScroll: true });
  }

  private drawHead(): void {
    const count = this.technicians.length;
    this.corner.textContent = `${count} ${count === 1 ? "technician" : "technicians"}`;
    this.hours.style.width = `${this.scale.width}px`;
    const ticks = this.scale.ticks(this.clock).map(({ x, label }) => el("span", { style: { left: `${x}px` } }, label));
    fill(this.hours, ...ticks);
  }

  private drawNow(): void {
    const now = this.board?.now_at;
    if (!now || !this.scale.holds(now)) return;
    const x = this.scale.x(now);
    for (const tick of this.hours.querySelectorAll("span")) {
      const label = parseFloat(tick.style.left) + TICK_LABEL_PX / 2;
      if (Math.abs(label - x) < TICK_LABEL_PX) tick.textContent = ""; // the time now stands in its place
    }
    this.hours.append(el("b", { class: "fs-tl-now-time", style: { left: `${x}px` } }, this.clock.time(now)));
    const inset = `calc(var(--fs-tl-label) + ${x}px)`;
    this.rows.append(el("div", { class: "fs-tl-now", attrs: { "aria-hidden": "true" }, style: { left: inset } }));
  }

  private drawRows(): void {
    const { scrollTop, clientHeight } = this.scroller; // read before anything is written
    const first = Math.max(0, Math.floor(scrollTop / ROW_PX) - SPARE_ROWS);
    const last = Math.min(this.technicians.length - 1, first + Math.ceil(clientHeight / ROW_PX) + 2 * SPARE_ROWS);
    this.drawn.show(first, last, (index) => {
      const technician = this.technicians[index];
      if (!technician) return null;
      const row = buildRow(technician, { scale: this.scale, clock: this.clock, matches: this.matches, top: index * ROW_PX });
      this.markSelection(index, row);
      return row;
    });
    this.keepReachable(Math.ceil(scrollTop / ROW_PX));
  }

  /** What the Tab key reaches is always in the document: scrolled out of it, the first row in view takes over. */
  private keepReachable(firstInView: number): void {
    if (!this.current || !this.find(this.current)) {
      const first = this.technicians[firstInView] ?? this.technicians[0];
      this.current = first ? technicianKey(first.id) : null;
    }
    if (this.current) this.find(this.current)?.setAttribute("tabindex", "0");
  }

  private markSelection(index: number, row: HTMLElement): void {
    const technician = this.technicians[index];
    const key = keyOfSelection(this.selection);
    for (const mark of row.querySelectorAll(".fs-tl-time")) mark.remove();
    let holdsSelected = false;
    for (const element of row.querySelectorAll<HTMLElement>("[data-key]")) {
      const selected = element.dataset["key"] === key;
      element.classList.toggle("is-selected", selected);
      if (selected) element.setAttribute("aria-current", "true");
      else element.removeAttribute("aria-current");
      holdsSelected ||= selected;
    }
    row.classList.toggle("is-selected", holdsSelected);
    const selection = this.selection;
    if (!holdsSelected || !technician || selection?.kind !== "visit") return;
    const visit = visitsOf(technician).find(({ stop_id }) => stop_id === selection.stopId);
    if (visit) row.querySelector(".fs-tl-lane")?.append(...buildTimes(visit, this.scale));
  }

  private pick(key: string | null): void {
    if (!key) return;
    const id = Number(key.slice(1));
    this.onSelect(key.startsWith("v") ? { kind: "visit", stopId: id } : { kind: "technician", technicianId: id });
  }

  /** The visit that an outline stands for, in whichever lane it is. */
  private keyOfGhost(target: EventTarget | null): string | null {
    const ghost = target instanceof Element ? target.closest<HTMLElement>("[data-job]") : null;
    const jobId = Number(ghost?.dataset["job"]);
    const visit = this.technicians.flatMap(visitsOf).find(({ job_id }) => job_id === jobId);
    return visit ? visitKey(visit.stop_id) : null;
  }

  private onKey(event: KeyboardEvent): void {
    const key = keyOf(event.target);
    const next = key ? nextKey(this.technicians, key, event.key) : null;
    if (!next) return;
    event.preventDefault();
    this.reveal(next);
    this.find(next)?.focus({ preventScroll: true });
  }

  private onFocus(key: string | null): void {
    if (!key || key === this.current) return;
    if (this.current) this.find(this.current)?.setAttribute("tabindex", "-1");
    this.current = key;
    this.find(key)?.setAttribute("tabindex", "0");
  }

  /** Scrolls as little as is needed to see the row, and the visit clear of the label that covers the left edge. */
  private reveal(key: string): void {
    const found = this.indexOf(key);
    if (!found) return;
    const top = found.index * ROW_PX;
    const head = this.hours.offsetHeight;
    const room = this.scroller.clientHeight - head - ROW_PX;
    if (top < this.scroller.scrollTop) this.scroller.scrollTop = top;
    else if (top > this.scroller.scrollTop + room) this.scroller.scrollTop = top - room;
    if (found.startAt && found.endAt) {
      const [left, right] = [this.scale.x(found.startAt), this.scale.x(found.endAt)];
      const view = this.laneViewPx();
      if (left < this.scroller.scrollLeft) this.scroller.scrollLeft = left - 24;
      else if (right > this.scroller.scrollLeft + view) this.scroller.scrollLeft = right - view + 24;
    }
    this.drawRows();
  }

  private scrollToNow(): void {
    const now = this.board?.now_at;
    this.scroller.scrollTop = 0;
    this.scroller.scrollLeft = now && this.scale.holds(now) ? this.scale.x(now) - this.laneViewPx() / 3 : 0;
    this.drawRows();
  }

  private indexOf(key: string | null): { index: number; startAt?: string; endAt?: string } | null {
    for (const [index, technician] of this.technicians.entries()) {
      if (technicianKey(technician.id) === key) return { index };
      const visit = visitsOf(technician).find(({ stop_id }) => visitKey(stop_id) === key);
      if (visit) return { index, startAt: visit.start_at, endAt: visit.end_at };
    }
    return null;
  }

  private find(key: string): HTMLElement | null {
    return this.rows.querySelector<HTMLElement>(`[data-key="${key}"]`);
  }

  private laneViewPx(): number {
    return Math.max(0, this.scroller.clientWidth - this.corner.offsetWidth);
  }
}

function keyOf(target: EventTarget | null): string | null {
  return target instanceof Element ? (target.closest<HTMLElement>("[data-key]")?.dataset["key"] ?? null) : null;
}

function keyOfSelection(selection: Selection | null): string | null {
  if (selection?.kind === "visit") return visitKey(selection.stopId);
  return selection?.kind === "technician" ? technicianKey(selection.technicianId) : null;
}
