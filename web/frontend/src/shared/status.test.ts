import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { barToken, lookClass, LOOKS } from "./status";

const TOKENS = readFileSync(new URL("./tokens.css", import.meta.url), "utf8");
const CLASSES = readFileSync(new URL("./looks.css", import.meta.url), "utf8");

describe("the colour of a look", () => {
  it.each(LOOKS)("of %s is defined, and the same on the map as beside it", (look) => {
    expect(TOKENS).toContain(`${barToken(look)}: #`);
    expect(CLASSES).toMatch(new RegExp(`\\.${lookClass(look)}\\b[^{]*\\{[^}]*var\\(${barToken(look)}\\)`));
  });
});
