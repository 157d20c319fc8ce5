/* Hears from the server what happens, as long as the page is in view: a hidden page hangs up, and asks for what it
   missed when it is looked at again. Nothing is told but that something happened: the page reads anew what it shows. */
import { listening, type Listening, type News } from "./news";

const EVENTS = "/live/api/events";
/** Signs of life come every 15 s: after three of them did not, the connection is dead although nobody has said so. */
const SILENCE_MS = 50_000;
/** Where there is no stream, as when the server has too many, the page looks by itself, as often as this. */
const LOOK_MS = 60_000;
/** A page reads its data at most this often, however much happens, and more seldom where the server is slow. */
const CALM_MS = 2_000;
const CALM_PER_READING = 5;
/** All screens hear of an event in one moment: each waits for some of this time, so that they do not ask in one moment. */
const SPREAD_MS = 1_000;

export interface Screen {
  /** Whether this page shows something that the event touches. */
  concerns(news: News): boolean;
  /** Reads anew what the page shows, unless it knows of this event by now: Infinity where it is not known what happened. */
  refresh(newest: number): Promise<void> | void;
}

export interface Live {
  /** Whether everything that happens is heard of now. */
  isUp(): boolean;
}

/** Keeps the page up to date; the template names the newest event that the page was made after. */
export function keepUpToDate(screen: Screen): Live {
  let state: Listening = listening(newestOfPage());
  let source: EventSource | null = null;
  let silence = 0;
  let calm = 0;
  let newest = 0;
  let isWaiting = false;
  let isReading = false;
  let refreshedAt = 0;
  let calmUntil = 0;

  const isShown = (): boolean => document.visibilityState === "visible";

  function listen(): void {
    hangUp();
    const stream = new EventSource(state.seq === null ? EVENTS : `${EVENTS}?after=${state.seq}`);
    source = stream;
    stream.onopen = () => {
      expectLife();
      if (state.seq === null) refreshSoon(Infinity); // what happened between reading the page and listening
    };
    stream.onmessage = ({ data }: MessageEvent<string>) => {
      expectLife();
      const news = JSON.parse(data) as News;
      if (state.hear(news.seq) && screen.concerns(news)) refreshSoon(news.seq);
    };
    stream.addEventListener("pulse", ({ data }: MessageEvent<string>) => {
      expectLife();
      state.hear(Number(data));
    });
    stream.addEventListener("restart", ({ data }: MessageEvent<string>) => {
      state = listening(Number(data));
      refreshSoon(Infinity);
    });
    stream.onerror = () => {
      if (stream.readyState !== EventSource.CLOSED) return; // the browser comes back by itself
      hangUp();
      silence = window.setTimeout(lookAndListen, LOOK_MS);
      if (Date.now() - refreshedAt > LOOK_MS) refreshSoon(Infinity); // and says so if the reason is that we are signed out
    };
  }

  function hangUp(): void {
    window.clearTimeout(silence);
    source?.close();
    source = null;
  }

  function expectLife(): void {
    window.clearTimeout(silence);
    silence = window.setTimeout(listen, SILENCE_MS);
  }

  function lookAndListen(): void {
    refreshSoon(Infinity);
    listen();
  }

  /** Within a second when it was calm; else when the calm time is over, once for all that happened meanwhile. */
  function refreshSoon(reason: number): void {
    newest = Math.max(newest, reason);
    if (isWaiting) return;
    isWaiting = true;
    if (!isReading) refreshWhenCalm();
  }

  function refreshWhenCalm(): void {
    const wait = Math.max(0, calmUntil - Date.now()) + Math.random() * SPREAD_MS;
    calm = window.setTimeout(() => void refresh(), wait);
  }

  /** What happens while the page reads waits until it has read: a slow server is not asked for more at once. */
  async function refresh(): Promise<void> {
    const reason = newest;
    refreshedAt = Date.now();
    newest = 0;
    isWaiting = false;
    isReading = true;
    try {
      await screen.refresh(reason);
    } finally {
      isReading = false;
      calmUntil = refreshedAt + Math.max(CALM_MS, CALM_PER_READING * (Date.now() - refreshedAt));
      if (isWaiting) refreshWhenCalm();
    }
  }

  document.addEventListener("visibilitychange", () => {
    if (isShown()) {
      listen();
      return;
    }
    hangUp();
    window.clearTimeout(calm);
    if (isWaiting) state = listening(); // what we were about to read is read when somebody looks again
    isWaiting = false;
  });
  // Going to another page is no failure of the stream.
  window.addEventListener("pagehide", hangUp);
  window.addEventListener("pageshow", (event) => {
    if (event.persisted && isShown()) listen();
  });
  if (isShown()) listen();
  return { isUp: () => source?.readyState === EventSource.OPEN };
}

function newestOfPage(): number {
  const meta = document.querySelector<HTMLMetaElement>('meta[name="newest-event"]');
  if (!meta) throw new Error("The page has no newest-event meta tag.");
  return Number(meta.content);
}
