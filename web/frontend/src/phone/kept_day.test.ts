import { afterEach, describe, expect, it, vi } from "vitest";
import type { Day } from "./day";
import { keepDay, newest } from "./kept_day";

const day = (seq: number, now_at: string): Day => ({ seq, now_at, on: "2026-11-23", technician: { id: 1 } }) as unknown as Day;
function kept(one: Day): void {
  vi.stubGlobal("window", { caches: {} });
  vi.stubGlobal("caches", { match: () => Promise.resolve(new Response(JSON.stringify(one))) });
}

afterEach(() => vi.unstubAllGlobals());

describe("the day with which a kept page opens", () => {
  it("is the one read last, also of two in one second", async () => {
    const page = day(7, "2026-11-23T12:00:00Z");
    kept(day(8, "2026-11-23T12:00:00Z"));
    expect((await newest(page)).seq).toBe(8);
    kept(day(6, "2026-11-23T12:00:00Z"));
    expect((await newest(page)).seq).toBe(7);
    kept(day(6, "2026-11-23T12:00:01Z"));
    expect((await newest(page)).seq).toBe(6);
  });

  it("holds what the server has taken since it was read", async () => {
    const page = day(7, "2026-11-23T12:00:00Z");
    kept({ ...page, added: true });
    expect((await newest(page)).added).toBe(true);
  });

  it("may be an earlier one where there is no room, which stops nothing else", async () => {
    vi.stubGlobal("window", { caches: {} });
    vi.stubGlobal("caches", { open: () => Promise.resolve({ put: () => Promise.reject(new Error("no room")) }) });
    await expect(keepDay(day(7, "2026-11-23T12:00:00Z"))).resolves.toBeUndefined();
  });
});
