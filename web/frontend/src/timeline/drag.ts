/* Dragging a visit to another time or lane; where it is dropped is only a wish. A finger that moves at once scrolls:
   by touch a visit is held first, until it comes loose. */
import { el } from "../shared/dom";

/** Less than this is a click by a hand that is not quite still. */
const STILL_PX = 6;
/** So long a finger rests on a visit before it comes loose. */
const HOLD_MS = 400;

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
  /** The pointer that holds a visit, and whether that has come loose. */
  let held: { pointerId: number; isLoose: boolean } | null = null;
  const keepStill = (event: Event): void => {
    if (held?.isLoose && event.cancelable) event.preventDefault();
  };
  rows.addEventListener("touchmove", keepStill, { passive: false }); // or the browser would scroll
  rows.addEventListener("contextmenu", keepStill);

  rows.addEventListener("pointerdown", (event) => {
    const visit = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-key^=v]") : null;
    const stopId = Number(visit?.dataset["key"]?.slice(1));
    if (!visit || event.button !== 0 || held || !ground.mayMove(stopId)) return;
    const isTouch = event.pointerType === "touch";
    const mine = { pointerId: event.pointerId, isLoose: !isTouch };
    held = mine;
    const [fromX, fromY] = [event.clientX, event.clientY];
    const grip = fromX - visit.getBoundingClientRect().left;
    let ghost: HTMLElement | null = null;
    let hasMoved = false;
    const place = (at: PointerEvent): ReturnType<Ground["placeAt"]> => ground.placeAt(at.clientX - grip, at.clientY);

    const showAt = (at: PointerEvent): void => {
      ghost ??= el("div", { class: "fs-tl-dragged", attrs: { "aria-hidden": "true" }, style: { width: `${visit.offsetWidth}px` } });
      if (!ghost.isConnected) rows.append(ghost); // the rows are drawn anew when something happens meanwhile
      visit.classList.add("is-dragged");
      const there = place(at);
      ghost.hidden = there === null;
      if (!there) return;
      ghost.style.transform = `translate(${there.left}px, ${there.top}px)`;
      ghost.textContent = there.words;
    };
    const comeLoose = (): void => {
      mine.isLoose = true;
      showAt(event); // one sees that it may be moved now
    };
    const hold = isTouch ? window.setTimeout(comeLoose, HOLD_MS) : 0;

    const onMove = (move: PointerEvent): void => {
      if (move.pointerId !== mine.pointerId) return;
      hasMoved ||= Math.hypot(move.clientX - fromX, move.clientY - fromY) >= STILL_PX;
      if (hasMoved && mine.isLoose) showAt(move);
      else if (hasMoved) stop(); // the finger scrolls
    };
    const stop = (): void => {
      window.clearTimeout(hold);
      held = null;
      for (const off of [["pointermove", onMove], ["pointerup", onUp], ["pointercancel", onCancel]] as const) removeEventListener(off[0], off[1]);
      removeEventListener("keydown", onKey, true);
      ghost?.remove();
      visit.classList.remove("is-dragged");
    };
    const onUp = (up: PointerEvent): void => {
      if (up.pointerId !== mine.pointerId) return;
      const there = hasMoved && ghost ? place(up) : null;
      stop();
      if (!hasMoved) return;
      addEventListener("click", swallow, { capture: true, once: true }); // of this drag, if there is one
      setTimeout(() => removeEventListener("click", swallow, true));
      if (there) ground.onDrop({ stopId, technicianId: there.technicianId, startAt: there.startAt });
    };
    const onCancel = (cancel: PointerEvent): void => {
      if (cancel.pointerId === mine.pointerId) stop();
    };
    const onKey = (key: KeyboardEvent): void => {
      if (key.key !== "Escape") return;
      key.stopPropagation();
      stop();
    };
    addEventListener("pointermove", onMove);
    addEventListener("pointerup", onUp);
    addEventListener("pointercancel", onCancel);
    addEventListener("keydown", onKey, true);
  });
}

const swallow = (event: Event): void => event.stopPropagation();
