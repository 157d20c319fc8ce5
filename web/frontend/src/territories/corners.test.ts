import { describe, expect, it } from "vitest";
import { cornersOf, middle, outlineText } from "./corners";

const TRIANGLE = [[-71.3, -29.9], [-71.2, -29.9], [-71.2, -29.8]];

describe("an outline", () => {
  it("is the same after being written and read", () => {
    expect(cornersOf(outlineText(TRIANGLE))).toEqual(TRIANGLE);
  });

  it("is read out of a feature, too", () => {
    expect(cornersOf(`{"type": "Feature", "geometry": ${outlineText(TRIANGLE)}}`)).toEqual(TRIANGLE);
  });

  it("is nothing to draw while it is typed, has holes, or is none", () => {
    for (const text of ["", "{", "null", "7", '{"type": "Point", "coordinates": [1, 2]}', '{"type": "Polygon", "coordinates": [[[1]]]}']) {
      expect(cornersOf(text)).toBeNull();
    }
  });

  it("gets a new corner half way", () => {
    expect(middle([0, 0], [2, 4])).toEqual([1, 2]);
  });
});
