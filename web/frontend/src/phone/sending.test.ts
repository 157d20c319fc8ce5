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
    mark: (one: Report) => Promise.resolve(void kept.set(one.id, one)),
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
    expect(await outbox.list(1)).toMatchObject([report]);
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

describe("a report that the server fails at time and again", () => {
  const behind: Report = { ...report, id: 2, what: { kind: "note", text: "And again." } };
  const elsewhere: Report = { ...report, id: 3, stopId: 8, jobId: 80 };
  const failsAtStop7 = (): string[] => {
    const asked: string[] = [];
    vi.stubGlobal("fetch", (path: string) => {
      asked.push(path);
      return Promise.resolve(path.includes("/7/") ? new Response("", { status: 500 }) : new Response("{}"));
    });
    return asked;
  };
  const ids = async (outbox: Outbox): Promise<number[]> => (await outbox.list(1)).map(({ id }) => id);

  beforeEach(() => void vi.useFakeTimers({ now: 1_800_000_000_000 }));
  afterEach(() => vi.useRealTimers());

  it("lets those of other visits go past it, and keeps those of its own behind it", async () => {
    const outbox = outboxWith(report, behind, elsewhere);
    failsAtStop7();
    expect(await sendAll(outbox, 1)).toBe("server trouble");
    expect(await sendAll(outbox, 1)).toBe("server trouble");
    expect(await ids(outbox)).toEqual([1, 2, 3]);
    expect(await sendAll(outbox, 1)).toBe("stuck");
    expect(await ids(outbox)).toEqual([1, 2]);
  });

  it("is sent again with longer and longer pauses, and at last in order", async () => {
    const outbox = outboxWith(report, behind);
    const asked = failsAtStop7();
    for (const _ of [1, 2, 3, 4]) await sendAll(outbox, 1);
    expect(asked).toHaveLength(3);
    vi.advanceTimersByTime(61_000);
    for (const _ of [1, 2]) expect(await sendAll(outbox, 1)).toBe("stuck");
    expect(asked).toHaveLength(4);
    vi.advanceTimersByTime(61_000);
    await sendAll(outbox, 1);
    expect(asked).toHaveLength(4);
    vi.setSystemTime(1_700_000_000_000); // somebody sets the clock back
    const sent: unknown[] = [];
    vi.stubGlobal("fetch", (_path: string, { body }: { body: string }) => {
      sent.push((JSON.parse(body) as { text: string }).text);
      return Promise.resolve(new Response("{}"));
    });
    expect(await sendAll(outbox, 1)).toBe("all sent");
    expect(sent).toEqual(["Ring twice.", "And again."]);
  });

  it("is sent at once where it was the server that failed at everything", async () => {
    const outbox = outboxWith(report, elsewhere);
    answers(502, {}, "");
    for (const _ of [1, 2, 3, 4, 5, 6]) await sendAll(outbox, 1, true);
    answers(200, OURS);
    expect(await sendAll(outbox, 1, true)).toBe("all sent");
    expect(await ids(outbox)).toEqual([]);
  });

  it("keeps everything in order where nobody answers", async () => {
    const outbox = outboxWith(report, elsewhere);
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("Failed to fetch")));
    for (const _ of [1, 2, 3, 4]) expect(await sendAll(outbox, 1)).toBe("no network");
    expect(await outbox.list(1)).toEqual([report, elsewhere]);
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
