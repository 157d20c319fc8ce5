/* Instants to pixels and back. Pixels run along real time, so a day of 23 or 25 hours is drawn that long. */
import type { Board } from "../shared/board";
import { HOUR_MS, type SiteClock } from "../shared/time";

const PAD_MS = HOUR_MS / 2;
const NARROWEST_LABEL_PX = 46;

export interface Tick {
  x: number;
  label: string;
}

export class TimeScale {
  constructor(
    readonly from: number,
    readonly to: number,
    readonly pxPerHour: number,
  ) {}

  get width(): number {
    return Math.round(this.length(this.from, this.to));
  }

  x(at: string | number): number {
    return this.length(this.from, new Date(at).getTime());
  }

  /** Pixels between two instants. */
  length(from: string | number, to: string | number): number {
    return ((new Date(to).getTime() - new Date(from).getTime()) / HOUR_MS) * this.pxPerHour;
  }

  holds(at: string | number): boolean {
    const instant = new Date(at).getTime();
    return instant >= this.from && instant <= this.to;
  }

  /** One tick an hour, or every second or third where labels would touch. */
  ticks(clock: SiteClock): Tick[] {
    const step = Math.max(1, Math.ceil(NARROWEST_LABEL_PX / this.pxPerHour)) * HOUR_MS;
    const ticks: Tick[] = [];
    for (let at = this.from; at < this.to; at += step) ticks.push({ x: this.x(at), label: clock.time(at) });
    return ticks;
  }
}

/** The part of the day worth drawing, on whole hours counted from the day's start: every shift and item, padded a little. */
export function workingSpan(board: Board): [number, number] {
  const dayStart = new Date(board.day_start_at).getTime();
  const dayEnd = new Date(board.day_end_at).getTime();
  const instants: number[] = [];
  for (const { shift, items, leave_at, home_at } of board.technicians) {
    if (shift) instants.push(Date.parse(shift.start_at), Date.parse(shift.end_at));
    if (leave_at) instants.push(Date.parse(leave_at));
    if (home_at) instants.push(Date.parse(home_at));
    for (const item of items) instants.push(Date.parse(item.start_at), Date.parse(item.end_at));
  }
  if (instants.length === 0) return [dayStart + 7 * HOUR_MS, Math.min(dayStart + 19 * HOUR_MS, dayEnd)];
  const first = instants.reduce((a, b) => Math.min(a, b)) - PAD_MS;
  const last = instants.reduce((a, b) => Math.max(a, b)) + PAD_MS;
  const from = dayStart + Math.floor((first - dayStart) / HOUR_MS) * HOUR_MS;
  const to = dayStart + Math.ceil((last - dayStart) / HOUR_MS) * HOUR_MS;
  return [Math.max(from, dayStart), to];
}
