/** A page with something that is still being worked out (`data-follow`) looks again until it is there. */

const EVERY_MS = 2_000;

export async function follow(): Promise<void> {
  for (let told = find(); told; told = find()) {
    await new Promise((next) => setTimeout(next, EVERY_MS));
    if (document.hidden || isBeingTyped()) continue;
    const seen = await look();
    if (isBeingTyped()) continue; // begun meanwhile
    const still = typeof seen === "string" ? seen : seen.querySelector("[data-follow]")?.textContent;
    if (still === undefined || still === null) show(seen as HTMLElement);
    else if (told.textContent !== still) told.textContent = still;
  }
}

/** Until it is there only the sentence about it changes: nobody who reads on is sent back to the top every two seconds. */
function show(seen: HTMLElement): void {
  const main = document.querySelector("main");
  const hadFocus = main?.contains(document.activeElement);
  main?.replaceWith(seen);
  if (hadFocus) seen.focus({ preventScroll: true });
}

function find(): HTMLElement | null {
  return document.querySelector("[data-follow]");
}

/** Nobody loses the words of a form that they have begun, nor the form that is on its way. */
function isBeingTyped(): boolean {
  const fields = [...document.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>("main input, main textarea")];
  return fields.some((field) => field.value !== field.defaultValue) || document.querySelector("form[data-busy]") !== null;
}

/** The main part of the page as it is now, or why it could not be read. */
async function look(): Promise<HTMLElement | string> {
  const again = "; trying again …";
  let answer: Response;
  try {
    answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  } catch {
    return `No connection${again}`;
  }
  if (answer.redirected) {
    location.reload();
    return "You have been signed out.";
  }
  const main = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main");
  return answer.ok && main ? main : `The server does not answer well (${answer.status})${again}`;
}
