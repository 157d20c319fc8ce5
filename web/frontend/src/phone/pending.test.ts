import { describe, expect, it } from "vitest";
import type { Day, Stop } from "./day";
import { stuckSentence, words } from "./network";
import type { Report, What } from "./outbox";
import { goneThrough, withTaken, withWaiting } from "./pending";
import { waitedSeconds } from "./sending";

const stop = {
  stop_id: 7,
  job_id: 70,
  status: "on_site",
  parts: [{ name: "pump", count: 1, used: null, on_van: 2 }],
  checks: [{ position: 1, text: "Gas off", required: true, done: false }],
  written: [],
  photos: [],
} as unknown as Stop;
const day = { stops: [stop], technician: { id: 1, name: "Ana", shift: null, absence: null } } as unknown as Day;
const report = (what: What, more: Partial<Report> = {}): Report => ({
  id: 1, technicianId: 1, stopId: 7, jobId: 70, madeMs: 0, what, ...more,
});
const after = (...reports: Report[]): Stop => withWaiting(day, reports).stops[0] as Stop;

describe("what the server has taken since the day was read", () => {
  const step = report({ kind: "step", position: 1, done: true });
  const note = report({ kind: "note", text: "Wet." }, { id: 2 });
  const refused = report({ kind: "status", to: "done", reason: "" }, { id: 3, refused: "Cancelled by now." });

  it("is what waits no more and was not refused", () => {
    expect(goneThrough([step, note, refused], [note])).toEqual([step]);
  });

  it("stays in the day, and waits no more", () => {
    const [now] = withTaken(day, [step, note]).stops as [Stop];
    expect(now.checks[0]?.done).toBe(true);
    expect(now.written).toMatchObject([{ text: "Wet.", waits: false }]);
  });

  it("leaves a day as it is where there is none", () => {
    expect(withTaken(day, [])).toBe(day);
  });
});

describe("a day with reports that wait", () => {
  it("shows them as if they had been taken, in their order", () => {
    const shown = after(
      report({ kind: "step", position: 1, done: true }),
      report({ kind: "part", part: "pump", used: 2 }),
      report({ kind: "part", part: "seal", used: 1 }),
      report({ kind: "note", text: "Wet." }),
      report({ kind: "status", to: "done", reason: "" }),
    );
    expect(shown.checks[0]?.done).toBe(true);
    expect(shown.parts).toEqual([
      { name: "pump", count: 1, used: 2, on_van: 0 },
      { name: "seal", count: 1, used: 1, on_van: 0 },
    ]);
    expect(shown.written).toMatchObject([{ who: "Ana", text: "Wet.", waits: true }]);
    expect(shown.status).toBe("done");
  });

  it("leaves the day that the server told as it was", () => {
    after(report({ kind: "step", position: 1, done: true }));
    expect(stop.checks[0]?.done).toBe(false);
  });

  it("shows nothing of what was refused", () => {
    expect(after(report({ kind: "status", to: "done", reason: "" }, { refused: "It was cancelled." })).status).toBe("on_site");
  });

  it("finds the job again when another plan gave it another stop", () => {
    expect(after(report({ kind: "status", to: "done", reason: "" }, { stopId: 3 })).status).toBe("done");
  });

  it("ends a visit on site whose part is missing, and no other", () => {
    const missing = report({ kind: "missing", part: "pump", count: 1, words: "" });
    expect(after(missing).status).toBe("to_be_continued");
    const planned = { ...day, stops: [{ ...stop, status: "planned" as const }] };
    expect(withWaiting(planned, [missing]).stops[0]?.status).toBe("planned");
  });
});

it("tells how long ago something happened, also when the clock was set back", () => {
  expect(waitedSeconds(1_000, 61_400)).toBe(60);
  expect(waitedSeconds(61_000, 1_000)).toBe(0);
  expect(waitedSeconds(0, 1e12)).toBe(604_800);
});

it("says which report the server fails at, and what waits behind it", () => {
  const first = report({ kind: "status", to: "done", reason: "" });
  const behind = report({ kind: "note", text: "Wet." }, { id: 2 });
  const other = report({ kind: "note", text: "Dry." }, { id: 3, jobId: 80 });
  const known = { stops: [{ ...stop, title: "Boiler", customer: "Mrs Li" }] };
  expect(stuckSentence(first, [first, other], known)).toContain("“done” at Boiler, Mrs Li. It is kept on this phone");
  expect(stuckSentence(first, [first, behind, other], known)).toContain("It and the report that came after it there are kept");
  expect(stuckSentence(other, [other], known)).toContain("at a visit of another day");
});

it("says in words what was not taken", () => {
  expect(words({ kind: "status", to: "no_access", reason: "" })).toBe("“no access”");
  expect(words({ kind: "missing", part: "pump", count: 2, words: "the new one" })).toBe("2 × pump missing: the new one");
});
