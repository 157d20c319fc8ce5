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
      return { ...stop, photos: [...stop.photos, { id: null, caption: "", preview: what.preview }] };
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
