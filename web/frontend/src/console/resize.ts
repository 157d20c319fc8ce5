/* The borders between the panes: dragged by pointer or moved by arrow keys, and remembered on this computer. */

interface Border {
  /** The CSS variable on .fs-panes that holds the width. */
  name: string;
  label: string;
  least: number;
  most: number;
  /** +1 when moving right widens the pane, -1 when it narrows it. */
  direction: 1 | -1;
}

const BORDERS: Record<string, Border> = {
  "list-border": { name: "--fs-list-width", label: "Width of the unassigned list", least: 250, most: 480, direction: 1 },
  "side-border": { name: "--fs-side-width", label: "Width of the map", least: 280, most: 800, direction: -1 },
};
const KEY_STEP_PX = 24;
const STORED = "wrenchtime.pane-widths";

export function makeResizable(panes: HTMLElement): void {
  const stored = readStored();
  for (const [id, border] of Object.entries(BORDERS)) {
    const handle = panes.querySelector<HTMLElement>(`#${id}`);
    const pane = handle?.parentElement;
    if (!handle || !pane) throw new Error(`The page has no pane border "${id}".`);
    const width = stored[border.name];
    if (width !== undefined) panes.style.setProperty(border.name, `${clamp(width, border)}px`);
    connect(handle, pane, panes, border);
  }
}

function connect(handle: HTMLElement, pane: HTMLElement, panes: HTMLElement, border: Border): void {
  const describe = (): void => {
    handle.setAttribute("aria-valuenow", String(Math.round(pane.offsetWidth)));
  };
  const resize = (width: number): void => {
    const whole = Math.round(clamp(width, border));
    panes.style.setProperty(border.name, `${whole}px`);
    localStorage.setItem(STORED, JSON.stringify({ ...readStored(), [border.name]: whole }));
    describe();
  };
  handle.setAttribute("aria-label", border.label);
  handle.setAttribute("aria-valuemin", String(border.least));
  handle.setAttribute("aria-valuemax", String(border.most));
  describe();
  handle.addEventListener("pointerdown", (event) => {
    const [from, width] = [event.clientX, pane.offsetWidth];
    handle.setPointerCapture(event.pointerId);
    handle.onpointermove = (move) => resize(width + (move.clientX - from) * border.direction);
    handle.onlostpointercapture = () => {
      handle.onpointermove = null;
    };
  });
  handle.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -KEY_STEP_PX, ArrowRight: KEY_STEP_PX }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    resize(pane.offsetWidth + step * border.direction);
  });
  handle.addEventListener("dblclick", () => {
    const { [border.name]: _, ...others } = readStored();
    localStorage.setItem(STORED, JSON.stringify(others));
    panes.style.removeProperty(border.name);
    describe();
  });
}

function readStored(): Record<string, number> {
  const widths: unknown = JSON.parse(localStorage.getItem(STORED) ?? "{}");
  if (typeof widths !== "object" || widths === null) return {};
  return Object.fromEntries(Object.entries(widths).filter(([, width]) => Number.isFinite(width)));
}

function clamp(width: number, { least, most }: Border): number {
  return Math.min(Math.max(width, least), most);
}
