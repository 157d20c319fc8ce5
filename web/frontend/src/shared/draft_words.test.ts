import { expect, test } from "vitest";
import type { Decision, Line } from "./draft";
import { changeWords } from "./draft_words";
import { SiteClock } from "./time";

const clock = new SiteClock("Etc/UTC");
const place = (technician_id: number, start_at: string) => ({ technician_id, technician: `T${technician_id}`, start_at });
const line = (to: Line["to"], decision: Decision): Line => ({
  id: 1,
  job_id: 1,
  number: "J1",
  title: "",
  customer: "",
  kind: "moved",
  from: place(1, "2026-11-23T07:40:25Z"),
  to,
  reason: "",
  gain: null,
  together: [],
  mark: "",
  decision,
});

test("a job that is put where it is does not move: planning leaves it there", () => {
  expect(changeWords(line(place(1, "2026-11-23T07:40:00Z"), "edited"), clock)).toBe("Stays with T1, 07:40, where planning leaves it");
  expect(changeWords(line(place(1, "2026-11-23T07:40:00Z"), "open"), clock)).toBe("Stays with T1, 07:40");
});

test("a job that moves says from where to where", () => {
  expect(changeWords(line(place(1, "2026-11-23T07:50:00Z"), "edited"), clock)).toBe("Moved from 07:40 to 07:50");
  expect(changeWords(line(place(2, "2026-11-23T07:40:25Z"), "open"), clock)).toBe("Moved from T1, 07:40 to T2, 07:40");
});
