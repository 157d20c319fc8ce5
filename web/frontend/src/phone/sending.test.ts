import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Outbox, Report } from "./outbox";
import { sendAll } from "./sending";

const report: Report = { id: 1, technicianId: 1, stopId: 7, jobId: 70, madeMs: 0, what: { kind: "note", text: "Ring twice." } };

/** What waits on a phone, without its database. */
function outboxWith(...waiting: Report[]): Outbox {
  const kept = new Map(waiting.map((one) => [one.id, one]));
  return {
    list: () => Promise.resolve([...kept.values()]),
    has: (id: number) => Promise.resolve(kept.has(id)),
    refuse: (one: Report, refused: string) => Promise.resolve(void kept.set(one.id, { ...one, refused })),
    remove: (id: number) => Promise.resolve(void kept.delete(id)),
  } as unknown as Outbox;
}

const answers = (status: number, headers: Record<string, string>, body = JSON.stringify({ detail: "So it is." })): void =>
  void vi.stubGlobal("fetch", () => Promise.resolve(new Response(body, { status, headers })));
const OURS = { "Content-Type": "application/problem+json" };

beforeEach(() => {
  vi.stubGlobal("document", { querySelector: () => ({ content: "token" }) });
  vi.stubGlobal("navigator", {}); // as on plain http
});
afterEach(() => vi.unstubAllGlobals());

describe("a report that the server answers with no", () => {
  it("is refused where the answer is about the report", async () => {
    const outbox = outboxWith(report);
    answers(409, OURS);
    expect(await sendAll(outbox, 1)).toBe("all sent");
    expect(await outbox.list(1)).toEqual([{ ...report, refused: "So it is." }]);
  });

  it("goes on waiting where the account may do nothing now", async () => {
    const outbox = outboxWith(report);
    answers(403, { ...OURS, "X-Shut-Out": "1" });
    expect(await sendAll(outbox, 1)).toBe("shut out");
    expect(await outbox.list(1)).toEqual([report]);
  });

  it("goes on waiting where the server is in trouble, which is not the network's", async () => {
    const outbox = outboxWith(report);
    answers(500, OURS);
    expect(await sendAll(outbox, 1)).toBe("server trouble");
    expect(await outbox.list(1)).toEqual([report]);
  });

  it("goes on waiting where something on the way has answered, unless it is too large for that", async () => {
    const outbox = outboxWith(report);
    answers(403, { "Content-Type": "text/html" }, "<h1>Forbidden</h1>");
    expect(await sendAll(outbox, 1)).toBe("no network");
    expect(await outbox.list(1)).toEqual([report]);
    answers(413, { "Content-Type": "text/html" }, "<h1>Too large</h1>");
    expect(await sendAll(outbox, 1)).toBe("all sent");
    expect((await outbox.list(1))[0]?.refused).toContain("413");
  });
});

describe("what another page has sent meanwhile", () => {
  it("is not sent again", async () => {
    const second = { ...report, id: 2 };
    const outbox = outboxWith(report, second);
    const asked = vi.fn(async () => {
      await outbox.remove(second.id);
      return new Response("{}");
    });
    vi.stubGlobal("fetch", asked);
    expect(await sendAll(outbox, 1)).toBe("all sent");
    expect(asked).toHaveBeenCalledOnce();
  });
});

describe("where a browser has locks", () => {
  afterEach(() => vi.useRealTimers());

  it("sends under one, also a browser that cannot make a signal that ends by itself", async () => {
    const request = vi.fn((_name: string, _how: { signal: AbortSignal }, run: () => Promise<unknown>) => run());
    vi.stubGlobal("navigator", { locks: { request } });
    vi.stubGlobal("AbortSignal", { ...AbortSignal, timeout: undefined });
    answers(200, OURS);
    expect(await sendAll(outboxWith(report), 1)).toBe("all sent");
    expect(request).toHaveBeenCalledOnce();
  });

  it("sends all the same where the page that holds the lock sleeps", async () => {
    vi.useFakeTimers();
    const request = (_name: string, { signal }: { signal: AbortSignal }): Promise<never> =>
      new Promise((_, refuse) => signal.addEventListener("abort", () => refuse(signal.reason as Error)));
    vi.stubGlobal("navigator", { locks: { request } });
    answers(200, OURS);
    const sent = sendAll(outboxWith(report), 1);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await sent).toBe("all sent");
  });
});
