/* Keeps the phone's page and its files at hand: without a network the page opens as it was last seen.
   The server puts the list of files in front: with every new build this is another script. It imports nothing. */

interface Extendable extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Fetching extends Event {
  request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface WorkerScope {
  FILES: string[];
  addEventListener(kind: "install" | "activate", listener: (event: Extendable) => void): void;
  addEventListener(kind: "fetch", listener: (event: Fetching) => void): void;
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
}

const worker = self as unknown as WorkerScope;
const FILES = "wrenchtime-files";
const PAGE = "wrenchtime-page";
/** Of several days only one is kept; the page says so where another was asked for. */
const ONLY_TODAY = "/phone#only-today";
/** A network that does not answer within this is none. */
const PATIENCE_MS = 6_000;

worker.addEventListener("install", (event) => {
  event.waitUntil(caches.open(FILES).then((cache) => cache.addAll(worker.FILES)).then(() => worker.skipWaiting()));
});

worker.addEventListener("activate", (event) => {
  event.waitUntil(renew().then(() => worker.clients.claim()));
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate" && url.pathname === "/phone") event.respondWith(page(request, url));
  else if (url.pathname.startsWith("/static/")) event.respondWith(file(request));
});

/** From the network where there is one; today's page is kept for when there is none. */
async function page(request: Request, url: URL): Promise<Response> {
  const kept = await caches.match("/phone", { cacheName: PAGE });
  const patience = new AbortController();
  const timer = kept && setTimeout(() => patience.abort(), PATIENCE_MS);
  try {
    const answer = await fetch(request, { signal: patience.signal });
    if (url.search === "" && isPage(answer)) await keep(answer, patience.signal);
    return answer;
  } catch (error) {
    if (!kept) throw error;
    return url.search === "" ? kept : Response.redirect(ONLY_TODAY);
  } finally {
    clearTimeout(timer);
  }
}

const isPage = (answer: Response): boolean => answer.ok && !answer.redirected;

/** A phone without room shows what the network brought all the same; what did not come to its end is no page. */
async function keep(answer: Response, signal?: AbortSignal): Promise<boolean> {
  try {
    await (await caches.open(PAGE)).put("/phone", answer.clone());
    return true;
  } catch (error) {
    if (signal?.aborted) throw error;
    console.info(error);
    return false;
  }
}

async function file(request: Request): Promise<Response> {
  return (await caches.match(request, { cacheName: FILES })) ?? fetch(request);
}

/** A page that is kept names the files of its own build: they go when it has been replaced by one of this build. */
async function renew(): Promise<void> {
  if (await caches.match("/phone", { cacheName: PAGE })) {
    const answer = await fetch("/phone").catch((error: unknown) => console.info(error));
    if (!answer || !isPage(answer) || !(await keep(answer))) return;
  }
  await dropOldFiles();
}

async function dropOldFiles(): Promise<void> {
  const cache = await caches.open(FILES);
  for (const kept of await cache.keys()) {
    if (!worker.FILES.includes(new URL(kept.url).pathname)) await cache.delete(kept);
  }
}

export {};
