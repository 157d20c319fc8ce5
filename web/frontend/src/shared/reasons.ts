/* Reasons why technicians cannot have a job: those with the same reason stand together, as most lack the same skill. */
import { el } from "./dom";

export interface Reason {
  name: string;
  sentence: string;
}

/** The reasons that fewest have come first. */
export function reasonList(reasons: readonly Reason[]): HTMLElement {
  const bySentence = new Map<string, string[]>();
  for (const { name, sentence } of reasons) bySentence.set(sentence, [...(bySentence.get(sentence) ?? []), name]);
  const groups = [...bySentence].sort((a, b) => a[1].length - b[1].length);
  return el("dl", {}, ...groups.flatMap(([sentence, names]) => [el("dt", {}, sentence), el("dd", {}, names.join(", "))]));
}
