/* A click needs what was pressed to be there still when it is let go: whatever draws by itself waits until then. */

/** Longer is no press: somebody drags, or nobody told us that it is over. */
const LONGEST_MS = 5_000;

let pressed: Promise<void> | null = null;

addEventListener(
  "pointerdown",
  (event) => {
    if (!event.isPrimary || event.button !== 0) return;
    const begun = new Promise<void>((resolve) => {
      const over = new AbortController();
      const end = (): void => {
        over.abort();
        setTimeout(() => {
          if (pressed === begun) pressed = null;
          resolve();
        }); // after the click, which comes right behind
      };
      for (const kind of ["pointerup", "pointercancel", "blur"]) addEventListener(kind, end, { capture: true, signal: over.signal });
      setTimeout(end, LONGEST_MS);
    });
    pressed = begun;
  },
  { capture: true },
);

/** At once, unless something is pressed now: then when it has been let go and what it does is done. */
export const released = (): Promise<void> => pressed ?? Promise.resolve();
