/* What happened at visits and has not reached the server yet, kept in the browser's database until it has.
   Order matters: a step is ticked before the work is done. */
import type { Status } from "../shared/board";

export type What =
  | { kind: "seen" }
  | { kind: "status"; to: Status; reason: string }
  | { kind: "step"; position: number; done: boolean }
  | { kind: "part"; part: string; used: number }
  | { kind: "missing"; part: string; count: number; words: string }
  | { kind: "note"; text: string }
  | { kind: "photo"; picture: Blob; preview: string }
  | Happened;

/** What the office is told of the day itself. `key` is its own: what was sent twice is told once. */
export interface Happened {
  kind: "happened";
  event: "technician_late" | "overrun" | "road_closed" | "technician_ill";
  key: string;
  words: string;
  job_id?: number;
  minutes?: number;
  /** A time on the wall, such as 14:05. */
  until?: string;
  until_on?: string;
}

export interface Report {
  /** Its place in the order. */
  id: number;
  technicianId: number;
  /** 0, and so is the job, where it is about no visit. */
  stopId: number;
  jobId: number;
  /** The phone's clock when it happened; only differences of it are told. */
  madeMs: number;
  what: What;
  /** Why the server did not take it; undefined as long as it waits. */
  refused?: string;
  /** How often the server has failed at it, which says nothing of the report. */
  failures?: number;
  /** Not sent again before, by the phone's clock, once the reports of other visits go past it. */
  againMs?: number;
}

const STORE = "reports";

export class Outbox {
  private constructor(private readonly database: IDBDatabase) {}

  static async open(): Promise<Outbox> {
    const asked = indexedDB.open("wrenchtime-phone", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "id", autoIncrement: true });
    return new Outbox(await answer(asked));
  }

  /** Everything of one technician, in order. */
  async list(technicianId: number): Promise<Report[]> {
    const all = await answer<Report[]>(this.store("readonly").getAll());
    return all.filter((one) => one.technicianId === technicianId);
  }

  async add(report: Omit<Report, "id">): Promise<void> {
    await this.write((reports) => reports.add(report));
  }

  /** Whether it is still there, and not sent meanwhile by another page. */
  async has(id: number): Promise<boolean> {
    return (await answer(this.store("readonly").getKey(id))) !== undefined;
  }

  /** Keeps what the server said of it, unless another page has found that it was taken. */
  async mark(report: Report): Promise<void> {
    await this.write((reports) => {
      const asked = reports.getKey(report.id);
      asked.onsuccess = () => asked.result !== undefined && reports.put(report);
      return asked;
    });
  }

  async remove(id: number): Promise<void> {
    await this.write((reports) => reports.delete(id));
  }

  /** Ends when it is stored: that there is no room is said only after the request itself has succeeded. */
  private write(act: (reports: IDBObjectStore) => IDBRequest): Promise<void> {
    return new Promise((resolve, reject) => {
      const reports = this.store("readwrite");
      const { transaction } = reports;
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error ?? new Error("The browser's database took it back."));
      act(reports);
    });
  }

  private store(mode: IDBTransactionMode): IDBObjectStore {
    return this.database.transaction(STORE, mode, { durability: "strict" }).objectStore(STORE);
  }
}

function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("The browser's database did not answer."));
  });
}
