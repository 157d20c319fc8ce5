/* The day as it will be once the server has heard everything that waits on this phone. */
import type { Day, Stop } from "./day";
import type { Report, What } from "./outbox";

export function withWaiting(day: Day, reports: readonly Report[]): Day {
  const waiting = reports.filter((one) => one.refused === undefined);
  const stops = day.stops.map((stop) =>
    waiting.filter((one) => one.jobId === stop.job_id).reduce((now, one) => apply(now, one, day), stop),
  );
  return { ...day, stops };
}

/** Which of these the server has taken: they wait no more. */
export const goneThrough = (before: readonly Report[], now: readonly Report[]): Report[] =>
  before.filter((one) => one.refused === undefined && !now.some(({ id }) => id === one.id));

/** The day with what the server has taken since it told it: until it is read again, nobody is shown that as undone. */
export function withTaken(day: Day, taken: readonly Report[]): Day {
  if (taken.length === 0) return day;
  const { stops } = withWaiting(day, taken);
  const asTold = stops.map((stop) => ({ ...stop, written: stop.written.map(asTaken), photos: stop.photos.map(asTaken) }));
  return { ...day, stops: asTold, added: true };
}

const asTaken = <Told extends object>(one: Told): Told => ({ ...one, waits: false });

function apply(stop: Stop, report: Report, day: Day): Stop {
  const { what } = report;
  switch (what.kind) {
    case "status":
      return { ...stop, status: what.to };
    case "seen":
      return { ...stop, new_since: null };
    case "step":
      return {
        ...stop,
        checks: stop.checks.map((one) => (one.position === what.position ? { ...one, done: what.done } : one)),
      };
    case "part":
      return { ...stop, parts: withPart(stop, what) };
    case "missing":
      return stop.status === "on_site" ? { ...stop, status: "to_be_continued" } : stop;
    case "note": {
      const at = new Date(report.madeMs).toISOString();
      return { ...stop, written: [...stop.written, { at, who: day.technician.name, text: what.text, waits: true }] };
    }
    case "happened":
      return stop;
    case "photo":
      return { ...stop, photos: [...stop.photos, { id: null, caption: "", preview: what.preview, waits: true }] };
  }
}

function withPart(stop: Stop, { part, used }: Extract<What, { kind: "part" }>): Stop["parts"] {
  if (!stop.parts.some(({ name }) => name === part)) {
    return [...stop.parts, { name: part, count: used, used, on_van: 0 }];
  }
  return stop.parts.map((one) =>
    one.name === part ? { ...one, used, on_van: Math.max(0, one.on_van - (used - (one.used ?? 0))) } : one,
  );
}
