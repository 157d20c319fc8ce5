/* The rows that are in the document: those in view and a few either side. A row that leaves gives its slot to one that
   comes: between rows that are siblings nothing is ever inserted or removed, because style sheets have rules about
   siblings, and by them the browser would style every row again for each one (measured: 1,600 elements a frame, not 130). */
import { el } from "../shared/dom";

export class RowsInView {
  private readonly drawn = new Map<number, HTMLElement>();
  private empty: HTMLElement[] = [];

  constructor(private readonly host: HTMLElement) {}

  /** Takes every row and everything else out of the host. */
  clear(): void {
    this.drawn.clear();
    this.empty = [];
    this.host.replaceChildren();
  }

  /** Has the rows from `first` to `last` in the document, building what is missing; others go, but for one with the focus. */
  show(first: number, last: number, build: (index: number) => HTMLElement | null): void {
    for (const [index, row] of this.drawn) {
      if ((index >= first && index <= last) || row.contains(document.activeElement)) continue;
      if (row.parentElement) this.empty.push(row.parentElement);
      row.remove();
      this.drawn.delete(index);
    }
    for (let index = first; index <= last; index++) {
      if (this.drawn.has(index)) continue;
      const row = build(index);
      if (!row) continue;
      this.drawn.set(index, row);
      this.takeSlot().append(row);
    }
  }

  entries(): Iterable<[number, HTMLElement]> {
    return this.drawn.entries();
  }

  private takeSlot(): HTMLElement {
    const emptied = this.empty.pop();
    if (emptied) return emptied;
    const slot = el("div", { class: "fs-tl-slot" });
    this.host.append(slot);
    return slot;
  }
}
