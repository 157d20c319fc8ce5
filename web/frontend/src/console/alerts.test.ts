import { expect, test } from "vitest";
import type { Alert } from "../shared/board";
import { gather } from "./alerts";

const alert = (id: number, kind: string, draft = false): Alert => ({ id, kind, draft, on: "2026-11-23", title: kind, about: "", facts: "", phone: "", advice: "" });

test("many of one kind stand together where the first of them stood, and the others alone", () => {
  const alerts = [alert(1, "emergency"), alert(2, "silent"), alert(3, "late"), alert(4, "silent"), alert(5, "silent"), alert(6, "late")];
  expect(gather(alerts).map((same) => same.map(({ id }) => id))).toEqual([[1], [2, 4, 5], [3], [6]]);
});

test("what waits for a decision about a draft is never gathered", () => {
  const alerts = [alert(1, "late", true), alert(2, "late"), alert(3, "late"), alert(4, "late")];
  expect(gather(alerts).map((same) => same.map(({ id }) => id))).toEqual([[1], [2, 3, 4]]);
});
