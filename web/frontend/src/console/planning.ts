/* "Plan day": asks for a policy, starts a run, and follows it until the new plan is there or the run says why not. */
import { el, fill } from "../shared/dom";
import { icon } from "../shared/icons";
import type { Run } from "../shared/board";
import { HttpError } from "../shared/http";
import { dateWords } from "../shared/time";
import { cancelRun, getRun, isSchedulerAlive, requestPlan } from "./api";

const POLL_MS = 700;
/** A queued run is taken within seconds; after this we look whether anybody is there to take it. */
const QUEUE_PATIENCE_MS = 4000;

export interface PlanningParts {
  dialog: HTMLDialogElement;
  form: HTMLFormElement;
  title: HTMLElement;
  button: HTMLButtonElement;
  strip: HTMLElement;
}

export class Planning {
  private on = "";
  private runId: number | null = null;
  private isBusy = false;
  /** Why a run that was to be cancelled goes on. */
  private notCancelled = "";

  constructor(private readonly parts: PlanningParts, private readonly onPlanned: (on: string) => Promise<void>) {
    parts.form.addEventListener("submit", (event) => {
      const wish = (event.submitter as HTMLButtonElement | null)?.value;
      this.start(this.on, String(new FormData(parts.form).get("policy")), wish !== "plan");
    });
    parts.form.querySelector("[data-cancel]")?.addEventListener("click", () => parts.dialog.close());
  }

  /** Has the draft of the day made again: what people decided and moved by hand stays, the rest is planned around it. */
  planAround(on: string, policy: string): void {
    if (!this.isBusy) this.start(on, policy, true);
  }

  /** Goes on with a run that this page has not started, or has forgotten since it was loaded again. */
  resume(on: string, run: Run): void {
    if (this.isBusy || this.parts.dialog.open) return;
    this.showRunning(on, run);
    void this.run(on, () => Promise.resolve(run.id));
  }

  /** Asks which policy to plan `on` with; the one of the present plan is chosen beforehand. */
  ask(on: string, policy: string | null): void {
    if (this.isBusy) return;
    this.on = on;
    this.parts.title.textContent = `Plan ${dateWords(on)}`;
    const wanted = [...this.parts.form.querySelectorAll<HTMLInputElement>("input[name=policy]")];
    const chosen = wanted.find(({ value }) => value === policy) ?? wanted[0];
    if (chosen) chosen.checked = true;
    this.parts.dialog.showModal();
  }

  /** Says in the strip what has been done. */
  say(sentence: string): void {
    this.fillStrip("done", icon("check"), el("span", {}, sentence), this.dismiss());
  }

  private start(on: string, policy: string, asDraft: boolean): void {
    this.showProgress(on, 0, "Handing the day to the scheduler …");
    void this.run(on, async () => (await requestPlan(on, policy, asDraft)).run_id);
  }

  private async run(on: string, start: () => Promise<number>): Promise<void> {
    this.isBusy = true;
    this.notCancelled = "";
    this.parts.button.disabled = true;
    try {
      this.runId = await start();
      const run = await this.follow(on, this.runId);
      if (run.status === "done") {
        await this.onPlanned(on);
        this.showDone(on, run);
      } else {
        const reason = run.status === "cancelled" ? "The run was cancelled; what was planned before stays." : run.message;
        this.showFailure(run.error ?? reason, on);
      }
    } catch (error) {
      const what = this.runId === null ? "The day was not planned." : "What became of the plan is not known; look at the day again.";
      this.showFailure(error instanceof Error ? error.message : String(error), on, what);
    } finally {
      this.runId = null;
      this.isBusy = false;
      this.parts.button.disabled = false;
    }
  }

  /** Looks at the run until it ends. A lost connection and a server that starts again are waited out: the run goes on without us. */
  private async follow(on: string, runId: number): Promise<Run> {
    const askedAt = performance.now();
    for (;;) {
      try {
        const run = await getRun(runId);
        if (run.status !== "queued" && run.status !== "running") return run;
        if (run.status === "running") this.showRunning(on, run);
        else await this.showQueued(on, performance.now() - askedAt);
      } catch (error) {
        if (!(error instanceof HttpError && (error.status === 0 || error.status >= 500))) throw error;
        this.showProgress(on, 0, "The server cannot be reached; planning goes on there, and this page keeps trying.", true);
      }
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  private showRunning(on: string, run: Run): void {
    const left = run.unassigned === null ? "" : ` · ${run.unassigned} unassigned so far`;
    this.showProgress(on, run.progress, (run.message || "Looking for a better plan") + left);
  }

  private async showQueued(on: string, waitedMs: number): Promise<void> {
    if (waitedMs < QUEUE_PATIENCE_MS || (await isSchedulerAlive())) {
      this.showProgress(on, 0, "Waiting for the scheduler …");
    } else {
      const sentence = "Waiting: the scheduler is not running. Start it with “wrenchtime scheduler”; this plan is queued and starts then.";
      this.showProgress(on, 0, sentence, true);
    }
  }

  private showProgress(on: string, share: number, told: string, warns = false): void {
    const message = this.notCancelled ? `${told} · Not cancelled: ${this.notCancelled}` : told;
    const kind = warns ? "warning" : "progress";
    let bar = this.parts.strip.querySelector<HTMLProgressElement>("progress");
    if (!bar || this.parts.strip.dataset["kind"] !== kind) {
      bar = el("progress", { attrs: { max: 100, "aria-label": "Planning" } });
      const text = el("span", { class: "fs-strip-text" });
      this.fillStrip(kind, el("b", {}, `Planning ${dateWords(on)}`), bar, text, this.button("Cancel", () => void this.cancel()));
    }
    const percent = Math.round(share * 100);
    if (percent > 0) bar.value = percent;
    else bar.removeAttribute("value");
    const text = this.parts.strip.querySelector(".fs-strip-text");
    if (text && text.textContent !== message) text.textContent = message;
  }

  /** The answer comes with the next look at the run; a run that has ended meanwhile needs no cancelling. */
  private async cancel(): Promise<void> {
    if (this.runId === null) return;
    try {
      await cancelRun(this.runId);
      this.notCancelled = "";
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      if (error.status !== 409) this.notCancelled = error.message; // said with the next look at the run
    }
  }

  private showDone(on: string, run: Run): void {
    this.fillStrip("done", icon("check"), el("span", {}, outcomeWords(on, run)), this.dismiss());
  }

  private showFailure(sentence: string, on: string, what = "The day was not planned."): void {
    const said = el("span", {}, `${what} ${sentence}`);
    this.fillStrip("failed", icon("alert"), said, this.button("Try again", () => this.ask(on, null)), this.dismiss());
  }

  private button(text: string, onClick: () => void): HTMLElement {
    return el("button", { class: "btn btn-sm", attrs: { type: "button" }, on: { click: onClick } }, text);
  }

  private dismiss(): HTMLElement {
    return el(
      "button",
      { class: "fs-tool fs-push", attrs: { type: "button", "aria-label": "Dismiss" }, on: { click: () => this.clear() } },
      icon("close"),
    );
  }

  private clear(): void {
    this.parts.strip.hidden = true;
    fill(this.parts.strip);
  }

  private fillStrip(kind: string, ...children: Node[]): void {
    this.parts.strip.dataset["kind"] = kind;
    this.parts.strip.hidden = false;
    fill(this.parts.strip, ...children);
  }
}

function outcomeWords(on: string, run: Run): string {
  const version = run.plan_version ?? "";
  if (run.plan_status === "draft") return `Draft ${version} for ${dateWords(on)} is ready: look at it, then accept, refuse and publish.`;
  if (run.arguments?.as_draft) return `Nothing better was found for ${dateWords(on)}: plan ${version} stays as it is.`;
  const left = run.unassigned ? `, ${run.unassigned} unassigned` : ", every job has a technician";
  return `Plan ${version} for ${dateWords(on)} is ready${left}.`;
}
