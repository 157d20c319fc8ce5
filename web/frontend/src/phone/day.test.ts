import { describe, expect, it } from "vitest";
import type { Status } from "../shared/board";
import { dayGoingOn, entries, isStale, moves, nextStop, notBefore, type Day, type Stop } from "./day";
import { callHref, navigateHref } from "./parts";

const stop = (id: number, status: Status, start_at: string): Stop => ({
  stop_id: id,
  job_id: id,
  number: `J-${id}`,
  position: id,
  of: 3,
  title: "Boiler",
  customer: "Customer",
  phone: null,
  address: "Street 1",
  location: [-29.9, -71.25],
  arrive_at: start_at,
  start_at,
  end_at: start_at,
  windows: [],
  due_at: null,
  promise: null,
  status,
  parts: [],
  checks: [],
  notes: "",
  written: [],
  photos: [],
  assets: [],
  customer_notes: "",
  before: [],
  skills: [],
  travel_s: 60,
  new_since: null,
  travel_m: 500,
});

const day = (...statuses: Status[]): Day => ({
  seq: 1,
  on: "2026-11-23",
  zone: "America/Santiago",
  now_at: "2026-11-23T12:00:00Z",
  over_at: "2026-11-24T03:00:00Z",
  technician: { id: 1, name: "Ana", shift: null, absence: null },
  stops: statuses.map((status, index) => stop(index + 1, status, `2026-11-23T1${index * 2}:00:00Z`)),
  breaks: [{ start_at: "2026-11-23T11:00:00Z", end_at: "2026-11-23T11:30:00Z" }],
  leave_at: null,
  home_at: null,
  office_phone: "",
  plan_version: 3,
  van: [],
  catalogue: [],
  told: [],
});

describe("today", () => {
  it("is the day on the calendar at the site", () => {
    expect(dayGoingOn(day(), Date.parse("2026-11-24T02:59:00Z"))).toBe("2026-11-23");
    expect(dayGoingOn(day(), Date.parse("2026-11-24T03:00:00Z"))).toBe("2026-11-24");
  });

  it("goes on past midnight until a night shift is over", () => {
    const night = { ...day(), over_at: "2026-11-24T09:00:00Z" };
    expect(dayGoingOn(night, Date.parse("2026-11-24T08:59:00Z"))).toBe("2026-11-23");
    expect(dayGoingOn(night, Date.parse("2026-11-24T09:00:00Z"))).toBe("2026-11-24");
  });
});

describe("what is expected", () => {
  const at = (instant: string): number => Date.parse(instant);

  it("is asked again after five minutes while something waits", () => {
    expect(isStale(day("on_site", "planned"), at("2026-11-23T12:04:59Z"))).toBe(false);
    expect(isStale(day("on_site", "planned"), at("2026-11-23T12:05:00Z"))).toBe(true);
    expect(isStale(day("done", "no_access"), at("2026-11-23T12:05:00Z"))).toBe(false);
  });

  it("is not asked of a day that is still to come, or is over", () => {
    expect(isStale({ ...day("planned"), on: "2026-11-24", over_at: "2026-11-25T03:00:00Z" }, at("2026-11-23T12:05:00Z"))).toBe(false);
    expect(isStale(day("planned"), at("2026-11-24T03:00:00Z"))).toBe(false);
  });
});

describe("the next stop", () => {
  it("is the first that is not over", () => {
    expect(nextStop(day("done", "planned", "planned"))?.stop_id).toBe(2);
    expect(nextStop(day("no_access", "done", "planned"))?.stop_id).toBe(3);
  });

  it("is the one that has begun, also out of order", () => {
    expect(nextStop(day("planned", "on_site", "planned"))?.stop_id).toBe(2);
  });

  it("does not exist when all are over", () => {
    expect(nextStop(day("done", "no_access"))).toBeUndefined();
  });
});

describe("the day", () => {
  it("has its break where it falls", () => {
    expect(entries(day("planned", "planned")).map((entry) => entry.kind)).toEqual(["stop", "break", "stop"]);
  });
});

it("offers nothing once a visit is over", () => {
  expect(moves("done")).toEqual([]);
  expect(moves("no_access")).toEqual([]);
});

describe("links out of the page", () => {
  it("open the phone's own navigation where it has one", () => {
    expect(navigateHref([-29.9, -71.25], "Linux; Android 14")).toBe("geo:-29.9,-71.25?q=-29.9,-71.25");
    expect(navigateHref([-29.9, -71.25], "iPhone; CPU iPhone OS 18")).toMatch(/^https:\/\/maps\.apple\.com\//);
    expect(navigateHref([-29.9, -71.25], "X11; Linux x86_64")).toMatch(/^https:\/\/www\.openstreetmap\.org\//);
  });

  it("dial digits only", () => {
    expect(callHref("+56 (51) 255-0114")).toBe("tel:+56512550114");
  });
});

describe("a day that is still to come", () => {
  const shiftFrom = (start_at: string) => ({ technician: { id: 1, name: "Ana", absence: null, shift: { start_at, end_at: start_at } } });
  const tomorrow = { on: "2026-11-24", zone: "America/Santiago", leave_at: "2026-11-24T11:00:00Z", ...shiftFrom("2026-11-24T11:00:00Z") };
  const at = (instant: string): number => Date.parse(instant);

  it("says from when on a visit can be reported, by the clock of the place", () => {
    expect(notBefore(tomorrow, { status: "planned" }, at("2026-11-24T02:59:59Z"))).toBe("Tue 24 Nov 2026, 00:00");
    expect(notBefore(tomorrow, { status: "dispatched" }, at("2026-11-24T03:00:00Z"))).toBeNull();
  });

  it("lets somebody leave before midnight for a shift that begins soon after it", () => {
    const night = { ...tomorrow, leave_at: "2026-11-24T03:30:00Z", ...shiftFrom("2026-11-24T04:00:00Z") };
    expect(notBefore(night, { status: "planned" }, at("2026-11-24T01:29:00Z"))).toBe("Mon 23 Nov 2026, 22:30");
    expect(notBefore(night, { status: "planned" }, at("2026-11-24T01:30:00Z"))).toBeNull();
  });

  it("says of a night shift from when on the server takes it: half a day before", () => {
    const late = { ...tomorrow, leave_at: "2026-11-25T00:30:00Z", ...shiftFrom("2026-11-25T01:00:00Z") };
    expect(notBefore(late, { status: "planned" }, at("2026-11-24T00:00:00Z"))).toBe("Tue 24 Nov 2026, 10:00");
  });

  it("takes back what was begun all the same", () => {
    expect(notBefore(tomorrow, { status: "en_route" }, at("2026-11-23T20:00:00Z"))).toBeNull();
  });
});
