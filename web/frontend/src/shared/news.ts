/* What the stream of events tells, and how far this page has listened. */

export interface News {
  seq: number;
  kind: string;
  at: string;
  subject: string | null;
  subject_id: number | null;
  /** The days whose plans it touches; empty when that is not known. */
  days: string[];
}

export interface Listening {
  /** The last event heard of; null before the first. */
  readonly seq: number | null;
  /** Takes note of an event; false for one that was heard of before. */
  hear(seq: number): boolean;
}

/** How far a page has listened that begins after this event. */
export function listening(seq: number | null = null): Listening {
  return {
    get seq() {
      return seq;
    },
    hear(heard) {
      if (seq !== null && heard <= seq) return false;
      seq = heard;
      return true;
    },
  };
}

/** Whether an event may change what a page about that day shows. */
export const touches = (news: News, on: string): boolean => news.days.length === 0 || news.days.includes(on);

/** Whether another customer waits for an answer, or one fewer, which every board says whatever its day. */
export const isOfRequests = ({ kind }: News): boolean => kind === "customer asks" || kind === "customer answered";
