/* When visits of today are expected to begin, where that is later than planned: the clock moves it on, and no event tells. */
import { isOver, type Board, type Visit } from "./board";
import { lengthWords, type SiteClock } from "./time";

/** By the id of a stop: the instant, ISO 8601 in UTC. */
export type Expected = Readonly<Record<string, string>>;

/** Less than this is in time. */
const TOLD_FROM_MS = 5 * 60_000;

/** Whether the day is going on: of any other nothing is expected. */
export const goesOn = (board: Board): boolean =>
  board.plan !== null && Date.parse(board.day_start_at) <= Date.parse(board.now_at) && !isOver(board);

/** The board with what is expected on the visits that have not begun; rows without any stay the same. */
export function withExpected(board: Board, expected: Expected): Board {
  if (Object.keys(expected).length === 0 || !goesOn(board)) return board;
  const technicians = board.technicians.map((technician) => {
    const items = technician.items.map((item) => {
      const at = item.type === "visit" && mayBeExpected(item) ? expected[item.stop_id] : undefined;
      return at && Date.parse(at) - Date.parse(item.start_at) >= TOLD_FROM_MS ? { ...item, expected_at: at } : item;
    });
    return items.some((item, index) => item !== technician.items[index]) ? { ...technician, items } : technician;
  });
  return { ...board, technicians };
}

/** What has begun since it was asked begins no more. */
const mayBeExpected = ({ status }: Visit): boolean => status === "planned" || status === "dispatched" || status === "en_route";

/** "10:40, 35 min later than planned", with the day where that is the next; null for what is expected as planned. */
export function expectedWords({ expected_at, start_at }: Pick<Visit, "expected_at" | "start_at">, clock: SiteClock): string | null {
  if (!expected_at) return null;
  const late_s = (Date.parse(expected_at) - Date.parse(start_at)) / 1000;
  return `${clock.timeOrDay(expected_at, clock.day(start_at))}, ${lengthWords(late_s)} later than planned`;
}
