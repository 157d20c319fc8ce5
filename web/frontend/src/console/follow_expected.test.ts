import { expect, it, vi } from "vitest";
import type { Board } from "../shared/board";
import { FollowedExpected } from "./follow_expected";

const LATE = { 1: "2026-11-23T13:40:00Z" };
const held = vi.hoisted(() => ({ letGo: (): void => undefined }));
vi.mock("./api", () => ({ getExpected: () => Promise.resolve({ expected: LATE }) }));
vi.mock("../shared/press", () => ({ released: () => new Promise<void>((resolve) => void (held.letGo = resolve)) }));

const board = {
  on: "2026-11-23", plan: { version: 1 }, now_at: "2026-11-23T13:00:00Z",
  day_start_at: "2026-11-23T03:00:00Z", over_at: "2026-11-24T03:00:00Z", technicians: [],
} as unknown as Board;

it("is not shown under a mouse button that is pressed: no click is lost", async () => {
  const onChange = vi.fn();
  const soon = new FollowedExpected(onChange);
  const asked = soon.follow(board);
  await new Promise((next) => setTimeout(next));
  expect(onChange).not.toHaveBeenCalled();
  held.letGo();
  await asked;
  expect(onChange).toHaveBeenCalledOnce();
  expect(soon.expected).toBe(LATE);
});
