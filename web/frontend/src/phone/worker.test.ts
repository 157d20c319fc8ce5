import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

type Listener = (event: Record<string, unknown>) => void;

const ORIGIN = "https://wrenchtime.test";
const pathOf = (asked: string | { url: string }): string => new URL(typeof asked === "string" ? asked : asked.url, ORIGIN).pathname;
let stores: Map<string, Map<string, Response>>;
let listeners: Map<string, Listener>;
let isFull: boolean;

/** The browser's store of answers, as far as the worker uses it. */
const caches = {
  open: (name: string) => {
    const store = stores.get(name) ?? new Map<string, Response>();
    stores.set(name, store);
    return Promise.resolve({
      put: (asked: string, answer: Response) => (isFull ? Promise.reject(new Error("no room")) : Promise.resolve(void store.set(pathOf(asked), answer))),
      keys: () => Promise.resolve([...store.keys()].map((path) => ({ url: ORIGIN + path }))),
      delete: (asked: { url: string }) => Promise.resolve(store.delete(pathOf(asked))),
    });
  },
  match: (asked: string | { url: string }, { cacheName }: { cacheName: string }) => Promise.resolve(stores.get(cacheName)?.get(pathOf(asked))),
};

const has = (name: string, path: string): boolean => stores.get(name)?.has(path) ?? false;

async function activate(): Promise<void> {
  let done: unknown;
  listeners.get("activate")?.({ waitUntil: (work: unknown) => (done = work) });
  await done;
}

async function open(path: string): Promise<string> {
  let answer: unknown;
  const request = { method: "GET", mode: "navigate", url: ORIGIN + path };
  listeners.get("fetch")?.({ request, respondWith: (given: unknown) => (answer = given) });
  return ((await answer) as Response).text();
}

beforeEach(async () => {
  listeners = new Map();
  isFull = false;
  stores = new Map([
    ["wrenchtime-files", new Map([["/static/old.js", new Response("old")], ["/static/new.js", new Response("new")]])],
    ["wrenchtime-page", new Map([["/phone", new Response("this morning")]])],
  ]);
  vi.stubGlobal("caches", caches);
  vi.stubGlobal("location", { origin: ORIGIN });
  vi.stubGlobal("self", {
    FILES: ["/static/new.js"],
    addEventListener: (kind: string, listener: Listener) => listeners.set(kind, listener),
    clients: { claim: () => Promise.resolve() },
  });
  vi.resetModules();
  await import("./worker");
});
afterEach(() => vi.unstubAllGlobals());

describe("a new build", () => {
  it("replaces the kept page, and then the files that it named", async () => {
    vi.stubGlobal("fetch", () => Promise.resolve(new Response("of the new build")));
    await activate();
    expect(has("wrenchtime-files", "/static/old.js")).toBe(false);
    expect(await stores.get("wrenchtime-page")?.get("/phone")?.text()).toBe("of the new build");
  });

  it("leaves the files of the kept page where the network has gone meanwhile", async () => {
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("offline")));
    await activate();
    expect(has("wrenchtime-files", "/static/old.js")).toBe(true);
  });
});

describe("the phone's page", () => {
  it("comes from the network also where there is no room to keep it", async () => {
    isFull = true;
    vi.stubGlobal("fetch", () => Promise.resolve(new Response("just now")));
    expect(await open("/phone")).toBe("just now");
  });

  it("comes from the phone where there is no network", async () => {
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("offline")));
    expect(await open("/phone")).toBe("this morning");
  });

  it("of another day says that only today is kept, where there is no network", async () => {
    const redirect = vi.spyOn(Response, "redirect").mockReturnValue(new Response());
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("offline")));
    await open("/phone?on=2026-11-24");
    expect(redirect).toHaveBeenCalledWith("/phone#only-today");
    redirect.mockRestore();
  });
});
