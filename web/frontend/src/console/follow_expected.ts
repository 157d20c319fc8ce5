/* Asks once a minute when visits of the day in view are really expected, and at once when there is another plan. */
import type { Board } from "../shared/board";
import { goesOn, type Expected } from "../shared/expected";
import { released } from "../shared/press";
import { getExpected } from "./api";

/** Asked a little more often than the server works it out anew: the board's clock asks once a minute. */
const HOLDS_MS = 55_000;

export class FollowedExpected {
  /** What was told last of the board in view. */
  expected: Expected = {};
  private of = "";
  private askedAt = 0;

  /** `onChange` is called when there is something else to show. */
  constructor(private readonly onChange: () => void) {}

  async follow(board: Board): Promise<void> {
    const of = `${board.on} ${board.plan?.version}`;
    const isOther = of !== this.of;
    if (isOther) this.expected = {};
    if (!goesOn(board)) {
      this.of = "";
      return;
    }
    if (!isOther && performance.now() - this.askedAt < HOLDS_MS) return;
    this.of = of;
    this.askedAt = performance.now();
    try {
      const answer = await getExpected(board.on);
      await released();
      if (of !== this.of) return; // another day is in view by now
      this.expected = answer.expected;
      this.onChange();
    } catch (error) {
      if (of === this.of) this.of = ""; // asked for again when the board is read again
      throw error;
    }
  }
}
