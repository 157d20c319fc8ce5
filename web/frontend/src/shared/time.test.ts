import { describe, expect, it } from "vitest";
import { SiteClock, addDays, dateWords, distanceWords, lengthWords } from "./time";

describe("SiteClock", () => {
  it("shows the site's time whatever zone the browser is in", () => {
    expect(new SiteClock("America/Santiago").time("2026-11-23T14:05:00Z")).toBe("11:05");
    expect(new SiteClock("Asia/Tokyo").time("2026-11-23T14:05:00Z")).toBe("23:05");
  });

  it("shows midnight as 00, not 24", () => {
    expect(new SiteClock("America/Santiago").time("2026-11-23T03:00:00Z")).toBe("00:00");
  });

  it("follows the clocks back on the autumn day", () => {
    const berlin = new SiteClock("Europe/Berlin");
    expect([0, 1, 2].map((hour) => berlin.time(Date.UTC(2026, 9, 25, hour)))).toEqual(["02:00", "02:00", "03:00"]);
  });

  it("finds the instant of a time on the wall, at a change of the clock too", () => {
    expect(new SiteClock("America/Santiago").instant("2026-11-23", "11:05")).toBe("2026-11-23T14:05:00.000Z");
    expect(new SiteClock("Asia/Tokyo").instant("2026-11-23", "23:05")).toBe("2026-11-23T14:05:00.000Z");
    const berlin = new SiteClock("Europe/Berlin");
    expect(berlin.instant("2026-10-25", "02:30")).toBe("2026-10-25T00:30:00.000Z"); // the first of two
    expect(berlin.instant("2026-03-29", "02:30")).toBe("2026-03-29T01:30:00.000Z"); // skipped: as long after the change
  });

  it("finds a time after midnight in the night shift that goes on then", () => {
    const clock = new SiteClock("America/Santiago");
    const night = { from: "2026-11-24T01:00:00Z", until: "2026-11-24T09:00:00Z" }; // 22:00 to 06:00
    expect(clock.instantWithin("2026-11-23", "23:30", night)).toBe("2026-11-24T02:30:00.000Z");
    expect(clock.instantWithin("2026-11-23", "01:30", night)).toBe("2026-11-24T04:30:00.000Z");
    expect(clock.instantWithin("2026-11-23", "12:00", night)).toBe("2026-11-23T15:00:00.000Z"); // in no night
    const day = { from: "2026-11-23T11:00:00Z", until: "2026-11-23T20:00:00Z" };
    expect(clock.instantWithin("2026-11-23", "07:00", day)).toBe("2026-11-23T10:00:00.000Z");
  });

  it("names the day only when it is another one", () => {
    const clock = new SiteClock("America/Santiago");
    expect(clock.timeOrDay("2026-11-24T02:30:00Z", "2026-11-23")).toBe("23:30");
    expect(clock.timeOrDay("2026-11-24T15:00:00Z", "2026-11-23")).toBe("24 Nov 12:00");
  });
});

describe("a span", () => {
  const clock = new SiteClock("America/Santiago");
  it("names the day where it is another one, once", () => {
    expect(clock.spanOrDay("2026-11-23T11:00:00Z", "2026-11-23T12:00:00Z", "2026-11-23")).toBe("08:00–09:00");
    expect(clock.spanOrDay("2026-11-24T11:00:00Z", "2026-11-24T12:00:00Z", "2026-11-23")).toBe("24 Nov 08:00–09:00");
  });
  it("over midnight names the day that is not shown", () => {
    expect(clock.spanOrDay("2026-11-24T02:00:00Z", "2026-11-24T04:00:00Z", "2026-11-23")).toBe("23:00–24 Nov 01:00");
  });
});

describe("calendar dates", () => {
  it("are written in words", () => expect(dateWords("2026-11-23")).toBe("Mon 23 Nov 2026"));
  it("cross months and leap days", () => {
    expect(addDays("2028-02-28", 1)).toBe("2028-02-29");
    expect(addDays("2026-12-01", -1)).toBe("2026-11-30");
  });
});

describe("lengths", () => {
  it("are minutes below an hour and hours above", () => {
    expect([0, 2700, 3569, 3570, 3900].map(lengthWords)).toEqual(["0 min", "45 min", "59 min", "1 h 00", "1 h 05"]);
  });
  it("of roads are metres below a kilometre", () => {
    expect([850, 12_360, 123_400].map(distanceWords)).toEqual(["850 m", "12.4 km", "123 km"]);
  });
});
