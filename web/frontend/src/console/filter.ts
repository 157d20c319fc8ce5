/* Which part of the board is shown: one territory, and what the search words match. */
import type { Board, Technician, Unassigned, Visit } from "../shared/board";
import { visitsOf } from "../shared/board";

export interface Filter {
  /** A territory's name, or "" for all. */
  territory: string;
  text: string;
}

export interface Shown {
  technicians: Technician[];
  unassigned: Unassigned[];
  /** The stops that the words match, when the words are about visits; null when nothing is to stand out. */
  matches: ReadonlySet<number> | null;
}

export function applyFilter(board: Board, { territory, text }: Filter): Shown {
  const words = plain(text).split(/\s+/).filter(Boolean);
  const here = <T extends { territory: string | null }>(item: T): boolean => !territory || item.territory === territory;
  const local = onDutyFirst(board.technicians.filter(here));
  const unassigned = board.unassigned.filter((job) => here(job) && holds(wordsOfJob(job), words));
  if (words.length === 0) return { technicians: local, unassigned, matches: null };

  const matches = new Set<number>();
  const technicians = local.filter((technician) => {
    const found = visitsOf(technician).filter((visit) => holds(wordsOfJob(visit), words));
    for (const visit of found) matches.add(visit.stop_id);
    return found.length > 0 || holds(wordsOfTechnician(technician), words);
  });
  return { technicians, unassigned, matches: matches.size > 0 ? matches : null };
}

function onDutyFirst(technicians: readonly Technician[]): Technician[] {
  return [...technicians].sort((a, b) => Number(a.shift === null) - Number(b.shift === null));
}

/** Lower case and without accents, so that "munoz" finds "Muñoz". */
export function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

function holds(text: string, words: readonly string[]): boolean {
  const hay = plain(text);
  return words.every((word) => hay.includes(word));
}

function wordsOfJob(job: Visit | Unassigned): string {
  const skills = job.skills.map(({ name }) => name);
  return [job.number, job.title, job.customer, job.address, ...skills].join(" ");
}

function wordsOfTechnician({ name, kind, territory, skills }: Technician): string {
  return [name, kind, territory ?? "", ...skills.map((skill) => skill.name)].join(" ");
}
