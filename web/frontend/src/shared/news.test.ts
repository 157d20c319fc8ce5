import { describe, expect, it } from "vitest";
import { isOfRequests, listening, touches, type News } from "./news";

const news = (days: string[]): News => ({ seq: 1, kind: "x", at: "", subject: null, subject_id: null, days });

describe("listening", () => {
  it("hears every event once", () => {
    const page = listening();
    expect([page.hear(4), page.hear(5), page.hear(5), page.hear(4), page.seq]).toEqual([true, true, false, false, 5]);
  });

  it("begins after the event that the page knows of", () => {
    const page = listening(7);
    expect([page.hear(7), page.hear(8)]).toEqual([false, true]);
  });
});

describe("touches", () => {
  it("is about the days that are named, or about any day when none is", () => {
    expect(touches(news(["2026-11-23"]), "2026-11-23")).toBe(true);
    expect(touches(news(["2026-11-24"]), "2026-11-23")).toBe(false);
    expect(touches(news([]), "2026-11-23")).toBe(true);
  });
});

describe("isOfRequests", () => {
  it("is what the server records when customers ask and are answered", () => {
    const kinds = ["customer asks", "customer answered", "job status"];
    expect(kinds.filter((kind) => isOfRequests({ ...news([]), kind }))).toEqual(["customer asks", "customer answered"]);
  });
});
