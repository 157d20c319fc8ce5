/* The ways along the streets on the map, of the plan in view; read anew when that is another one. */
import type { BoardMap } from "../map/map";
import type { Board } from "../shared/board";
import type { Draft } from "../shared/draft";
import { getDraftRoutes, getRoutes } from "./api";

export class ShownRoutes {
  /** The day, plan and draft whose routes the map shows, or is about to. */
  private of: string | null = null;

  constructor(private readonly map: BoardMap) {}

  /** Those of the draft, or without one of what is published. */
  async follow({ on, plan }: Board, draft: Draft | null): Promise<void> {
    const wanted = plan || draft ? `${on}, plan ${plan?.version ?? "none"}, ${draft ? `draft ${draft.id}, ${draft.revision}` : ""}` : null;
    if (wanted === this.of) return;
    this.map.showRoutes(null);
    this.of = wanted;
    if (!wanted) return;
    try {
      const routes = await (draft ? getDraftRoutes(on) : getRoutes(on));
      if (wanted === this.of) this.map.showRoutes(routes);
    } catch (error) {
      if (wanted === this.of) this.of = null; // asked for again when the board is read again
      throw error;
    }
  }
}
