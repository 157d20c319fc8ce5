/* JSON over fetch: sends the CSRF token, and turns every failure into a sentence a person can act on. */

/** A call that did not succeed; `message` is meant for people. `status` is 0 when the server was not reached. */
export class HttpError extends Error {
  constructor(
    readonly status: number,
    message: string,
    /** The page's token belongs to a session that is over: a fresh page helps. */
    readonly isOldPage = false,
    /** The account may do nothing here now, whatever it asks for. */
    readonly isShutOut = false,
    /** The server itself has said this, and not something on the way to it. */
    readonly isProblem = false,
  ) {
    super(message);
    this.name = "HttpError";
  }
}

export function getJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  return send<T>(path, { method: "GET", signal: signal ?? null });
}

/** For an address whose answer is worth reading at other statuses than 2xx too. */
export function getJsonOf<T>(path: string, statuses: readonly number[]): Promise<T> {
  return send<T>(path, { method: "GET" }, statuses);
}

export function postJson<T>(path: string, body: unknown, more: Record<string, string> = {}): Promise<T> {
  return send<T>(path, {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken(), ...more },
  });
}

/** Sends a file as it is. */
export function postFile<T>(path: string, file: Blob): Promise<T> {
  return send<T>(path, {
    method: "POST",
    body: file,
    headers: { "Content-Type": file.type, "X-CSRFToken": csrfToken() },
  });
}

async function send<T>(path: string, init: RequestInit, statuses: readonly number[] = []): Promise<T> {
  const headers = { Accept: "application/json", ...init.headers };
  let response: Response;
  try {
    response = await fetch(path, { ...init, headers, credentials: "same-origin" });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new HttpError(0, "The server cannot be reached. Check the connection, then try again.");
  }
  if (response.status === 401 || isSignInPage(response)) {
    throw new HttpError(401, "You are signed out. Sign in again to go on.");
  }
  if (!response.ok && !statuses.includes(response.status)) {
    const { headers } = response;
    const isProblem = headers.get("Content-Type")?.includes("application/problem+json");
    throw new HttpError(response.status, await problemOf(response), headers.has("X-Old-Page"), headers.has("X-Shut-Out"), isProblem);
  }
  try {
    return (await response.json()) as T;
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new HttpError(0, "The server's answer did not arrive whole. Check the connection, then try again.");
  }
}

/** A redirect to the sign-in form arrives here as an ordinary page. */
function isSignInPage(response: Response): boolean {
  return response.redirected && new URL(response.url).pathname === "/login";
}

/** The sentence of an RFC 9457 problem document, or one of our own when the answer is not such a document. */
async function problemOf(response: Response): Promise<string> {
  const plain = `The server answered with error ${response.status}. Try again; if it stays, tell your administrator.`;
  if (!response.headers.get("Content-Type")?.includes("json")) return plain;
  const problem: unknown = await response.json();
  if (typeof problem !== "object" || problem === null) return plain;
  const { detail, title } = problem as { detail?: unknown; title?: unknown };
  if (typeof detail === "string" && detail) return detail;
  return typeof title === "string" && title ? title : plain;
}

function csrfToken(): string {
  const meta = document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]');
  if (!meta) throw new Error("The page has no csrf-token meta tag.");
  return meta.content;
}
