/* Parts of a card in which somebody may be typing: they stay as they are while the card around them is drawn anew. */

export class KeptParts {
  private of = "";
  private parts = new Map<string, { facts: string; node: HTMLElement }>();

  /** Says what the card is about; those of another card are forgotten. True when it is the same as before. */
  isStill(of: string): boolean {
    const isSame = of === this.of;
    if (!isSame) this.parts.clear();
    this.of = of;
    return isSame;
  }

  /** The part of that name: the one that is there, unless it was drawn from other facts. */
  keep(name: string, facts: unknown, draw: () => HTMLElement): HTMLElement {
    const drawnFrom = JSON.stringify(facts);
    const known = this.parts.get(name);
    if (known?.facts === drawnFrom) return known.node;
    const node = draw();
    this.parts.set(name, { facts: drawnFrom, node });
    return node;
  }
}

/** The control that has the focus in `host`, and after `host` was drawn anew the one that looks like it. */
export function rememberFocus(host: HTMLElement): { had: boolean; again: () => boolean } {
  const focused = host.contains(document.activeElement) ? (document.activeElement as HTMLElement) : null;
  const words = focused && wordsOf(focused);
  return {
    had: focused !== null,
    again: () => {
      if (!focused) return false;
      const alike = [...host.querySelectorAll<HTMLElement>(focused.tagName)].find((one) => one === focused || wordsOf(one) === words);
      alike?.focus({ preventScroll: true });
      return alike !== undefined;
    },
  };
}

const wordsOf = (one: Element): string => one.getAttribute("aria-label") ?? one.textContent ?? "";
