import { afterEach, describe, expect, it, vi } from "vitest";
import { getJson, getJsonOf, postJson } from "./http";

function answer(body: string, status: number, type: string, init: { redirected?: boolean; url?: string } = {}): void {
  const response = new Response(body, { status, headers: { "Content-Type": type } });
  for (const [name, value] of Object.entries(init)) Object.defineProperty(response, name, { value });
  vi.stubGlobal("fetch", vi.fn().mockResolvedValue(response));
}

afterEach(() => vi.unstubAllGlobals());

describe("getJson", () => {
  it("gives what the server answered", async () => {
    answer('{"on": "2026-11-23"}', 200, "application/json");
    expect(await getJson("/board")).toEqual({ on: "2026-11-23" });
  });

  it("fails with the sentence of a problem document", async () => {
    answer('{"title": "No", "detail": "Write the day as year-month-day."}', 400, "application/problem+json");
    await expect(getJson("/board")).rejects.toMatchObject({ status: 400, message: "Write the day as year-month-day." });
  });

  it("has a sentence of its own for an error page", async () => {
    answer("<h1>Bad gateway</h1>", 502, "text/html");
    await expect(getJson("/board")).rejects.toThrow("error 502");
  });

  it("says that the server cannot be reached", async () => {
    vi.stubGlobal("fetch", vi.fn().mockRejectedValue(new TypeError("Failed to fetch")));
    await expect(getJson("/board")).rejects.toMatchObject({ status: 0 });
  });

  it("takes a redirect to the sign-in page for being signed out", async () => {
    answer("<form>", 200, "text/html", { redirected: true, url: "http://127.0.0.1/login?next=/console" });
    await expect(getJson("/board")).rejects.toMatchObject({ status: 401 });
  });
});

describe("getJsonOf", () => {
  it("reads the statuses it was told to read, and no others", async () => {
    answer('{"scheduler_alive": false}', 503, "application/json");
    expect(await getJsonOf("/healthz", [503])).toEqual({ scheduler_alive: false });
    answer('{"title": "Gone"}', 410, "application/json");
    await expect(getJsonOf("/healthz", [503])).rejects.toThrow("Gone");
  });
});

describe("postJson", () => {
  it("sends the page's CSRF token with the body", async () => {
    answer("{}", 202, "application/json");
    class FakeMeta {
      content = "token";
    }
    vi.stubGlobal("document", { querySelector: () => new FakeMeta() });
    await postJson("/plan", { on: "2026-11-23" });
    expect(fetch).toHaveBeenCalledWith(
      "/plan",
      expect.objectContaining({
        method: "POST",
        body: '{"on":"2026-11-23"}',
        headers: expect.objectContaining({ "X-CSRFToken": "token" }) as unknown,
      }),
    );
  });
});
