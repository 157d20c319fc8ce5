/* Who is on call on the day in view, and calling them in. */
import type { Board, Duty } from "../shared/board";
import { el, fill } from "../shared/dom";
import { HttpError, postJson } from "../shared/http";
import { SiteClock } from "../shared/time";

/** Half-written reasons outlive drawing the list anew. */
let asking: { technicianId: number; reason: string } | null = null;
/** What came of calling somebody in, on the board of that day. */
let said = { on: "", sentence: "" };
/** Enter pressed twice calls nobody in twice. */
let isCalling = false;
let isOpen = false;

/** Folded away until somebody asks: it matters when a job fits nobody's shift. */
export function showOnCall(host: HTMLElement, board: Board): void {
  host.hidden = board.on_call.length === 0;
  if (host.hidden) return fill(host);
  const focused = host.contains(document.activeElement) ? document.activeElement?.id : undefined;
  const clock = new SiteClock(board.zone);
  const again = () => showOnCall(host, board);
  const names = new Set(board.on_call.map((duty) => duty.technician_id)).size;
  const folded = el(
    "details",
    { attrs: { open: isOpen }, on: { toggle: () => (isOpen = folded.open) } },
    el("summary", { attrs: { id: "on-call-title" } }, "On call", el("span", { class: "fs-count" }, String(names))),
    el(
      "ul",
      { attrs: { tabindex: 0, "aria-labelledby": "on-call-title" } },
      ...board.on_call.map((duty) => line(duty, board, clock, again)),
    ),
    el("p", { attrs: { role: "status" } }, said.on === board.on ? said.sentence : ""),
  );
  fill(host, folded);
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

function line(duty: Duty, board: Board, clock: SiteClock, again: () => void): HTMLElement {
  const until = clock.timeOrDay(duty.until_at, board.on);
  const from = clock.timeOrDay(duty.from_at, board.on);
  const isNow = duty.obstacle === "";
  const isOnDuty = Date.parse(duty.from_at) <= Date.parse(board.now_at);
  return el(
    "li",
    {},
    el("b", {}, duty.name),
    el("span", {}, [duty.territory, `${from} to ${until}`, duty.phone].filter(Boolean).join(" · ")),
    isNow && asking?.technicianId !== duty.technician_id
      ? el(
          "button",
          {
            class: "btn btn-sm",
            attrs: { type: "button", "aria-label": `Call ${duty.name} in` },
            on: {
              click: () => {
                asking = { technicianId: duty.technician_id, reason: "" };
                again();
                document.getElementById("call-in-why")?.focus();
              },
            },
          },
          "Call in",
        )
      : null,
    isNow && asking?.technicianId === duty.technician_id ? ask(duty, board.on, again) : null,
    isNow || !isOnDuty ? null : el("small", {}, duty.obstacle),
  );
}

function ask(duty: Duty, on: string, again: () => void): HTMLElement {
  const why = el("input", {
    class: "form-control form-control-sm",
    attrs: { id: "call-in-why", type: "text", maxlength: 500, "aria-label": `Why ${duty.name} is called in`, placeholder: "Why", required: true },
    on: { input: () => asking && (asking.reason = why.value) },
  });
  why.value = asking?.reason ?? "";
  const form = el(
    "form",
    {
      class: "fs-call-in",
      on: {
        submit: (event) => {
          event.preventDefault();
          if (!isCalling) void callIn(duty.technician_id, why.value, on).then(again);
        },
      },
    },
    why,
    el("button", { class: "btn btn-sm btn-primary", attrs: { type: "submit" } }, "Call in"),
  );
  return form;
}

async function callIn(technicianId: number, reason: string, on: string): Promise<void> {
  isCalling = true;
  try {
    const { sentence } = await postJson<{ sentence: string }>(`/console/api/on-call/${technicianId}`, { reason });
    said = { on, sentence };
    asking = null;
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    said = { on, sentence: error.message };
  } finally {
    isCalling = false;
  }
}
