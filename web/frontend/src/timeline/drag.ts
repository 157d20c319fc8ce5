/* Dragging a visit to another time or lane by mouse or pen; where it is dropped is only a wish. By touch one scrolls. */
import { el } from "../shared/dom";

/** Less than this is a click by a hand that is not quite still. */
const STILL_PX = 6;

export interface Drop {
  stopId: number;
  technicianId: number;
  startAt: string;
}

/** What the drag needs of the timeline. */
export interface Ground {
  /** Whether this visit may be moved at all. */
  mayMove(stopId: number): boolean;
  /** The lane and the start, on five minutes, for a visit whose left edge is there; null beside the lanes. */
  placeAt(clientX: number, clientY: number): { technicianId: number; startAt: string; top: number; left: number; words: string } | null;
  onDrop(drop: Drop): void;
}

export function makeDraggable(rows: HTMLElement, ground: Ground): void {
  rows.addEventListener("pointerdown", (event) => {
    const visit = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-key^=v]") : null;
    const stopId = Number(visit?.dataset["key"]?.slice(1));
    if (!visit || event.button !== 0 || event.pointerType === "touch" || !ground.mayMove(stopId)) return;
    const [fromX, fromY] = [event.clientX, event.clientY];
    const grip = fromX - visit.getBoundingClientRect().left;
    let ghost: HTMLElement | null = null;
    const place = (move: PointerEvent): ReturnType<Ground["placeAt"]> => ground.placeAt(move.clientX - grip, move.clientY);

    const onMove = (move: PointerEvent): void => {
      if (!ghost && Math.hypot(move.clientX - fromX, move.clientY - fromY) < STILL_PX) return;
      ghost ??= el("div", { class: "fs-tl-dragged", attrs: { "aria-hidden": "true" }, style: { width: `${visit.offsetWidth}px` } });
      if (!ghost.isConnected) rows.append(ghost); // the rows are drawn anew when something happens meanwhile
      visit.classList.add("is-dragged");
      const there = place(move);
      ghost.hidden = there === null;
      if (!there) return;
      ghost.style.transform = `translate(${there.left}px, ${there.top}px)`;
      ghost.textContent = there.words;
    };
    const stop = (): void => {
      for (const off of [["pointermove", onMove], ["pointerup", onUp], ["pointercancel", stop]] as const) removeEventListener(off[0], off[1]);
      removeEventListener("keydown", onKey, true);
      ghost?.remove();
      visit.classList.remove("is-dragged");
    };
    const onUp = (up: PointerEvent): void => {
      const there = ghost && place(up);
      stop();
      if (!ghost) return;
      addEventListener("click", swallow, { capture: true, once: true }); // of this drag, if there is one
      setTimeout(() => removeEventListener("click", swallow, true));
      if (there) ground.onDrop({ stopId, technicianId: there.technicianId, startAt: there.startAt });
    };
    const onKey = (key: KeyboardEvent): void => {
      if (key.key !== "Escape") return;
      key.stopPropagation();
      stop();
    };
    addEventListener("pointermove", onMove);
    addEventListener("pointerup", onUp);
    addEventListener("pointercancel", stop);
    addEventListener("keydown", onKey, true);
  });
}

const swallow = (event: Event): void => event.stopPropagation();
