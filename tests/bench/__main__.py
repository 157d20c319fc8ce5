"""Our engine side by side with four others on the same instances: `make bench`, or `python -m tests.bench --help`."""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from fnmatch import fnmatch
from importlib.metadata import PackageNotFoundError
from pathlib import Path

from tests.bench.document import write_document
from tests.bench.measure import Asked, ask, find_or_measure
from tests.bench.results import Results
from tests.bench.sets import PEERS, PUBLISHED, ROOT, SETS, BenchSet
from tests.bench.tables import at_limit, line_of, table_of

STORED = ROOT / "docs" / "benchmarks"
DOCUMENT = ROOT / "docs" / "benchmarks.md"
QUICK = (("field-60", 3, 5.0), ("field-200", 2, 5.0), ("solomon", 4, 5.0), ("sdvrptw", 1, 5.0))
"""Sets, instances of each and seconds: 10 minutes on two cores, start-up of every process included."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what is asked for, set by set; print each measurement as it comes and a table after each set."""
    asked = parse(arguments)
    if asked.write_only:
        write_document(DOCUMENT, STORED)
        return
    folder = asked.out or (ROOT / "test-results" / "bench-quick" if asked.quick else STORED)
    began_at = time.monotonic()
    try:
        measure_all(asked, folder)
    except PackageNotFoundError as missing:
        raise SystemExit(f"{missing.name} is not installed: `make bench`, or pip install -e '.[bench]'.") from missing
    except KeyboardInterrupt:
        raise SystemExit("\nStopped. The same command with --resume goes on from here.") from None
    print(f"Measured for {(time.monotonic() - began_at) / 60:.1f} minutes.")
    if folder == STORED:
        write_document(DOCUMENT, STORED)
        print(f"{DOCUMENT.relative_to(ROOT)} shows what is stored now.")


def measure_all(asked: argparse.Namespace, folder: Path) -> None:
    """Set by set."""
    quick = {name: (count, seconds) for name, count, seconds in QUICK}
    for name in asked.set or (list(quick) if asked.quick else list(SETS)):
        count, seconds = quick.get(name, (None, None)) if asked.quick else (None, None)
        how = Asked(asked.source, asked.threads, asked.seed, asked.time_limit or seconds)
        measure_set(SETS[name], how, asked.peer or list(PEERS), asked.only, count, Results(folder, name), asked.resume)


def measure_set(
    chosen: BenchSet, how: Asked, peers: list[str], only: str, count: int | None, results: Results, resume: bool
) -> None:
    """Every peer on every instance, the peers of one instance right after each other."""
    known = chosen.list_instances(how.source)
    if not known:
        print(f"{chosen.title}: skipped, for no file of it is in {how.source / chosen.folder}; `--from` says where.\n")
        return
    instances = [name for name in known if fnmatch(name, only)]
    instances = instances[:: max(1, len(instances) // count)][:count] if count else instances
    if not instances:
        print(f"{chosen.title}: skipped, for none of its instances is called {only}.\n")
        return
    print(f"{chosen.title}\n")
    for instance in instances:
        for peer in (PEERS[name] for name in peers if name in chosen.peers):
            row, now = find_or_measure(chosen, ask(chosen, instance, peer, how), how.source, results, resume)
            print(line_of(row) + ("" if now else "  (measured before)"), flush=True)
    shown = at_limit(results, how.time_limit_s or chosen.time_limit_s)
    print("\n" + table_of(chosen, [row for row in shown if row["instance"] in instances]) + "\n", flush=True)


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """What to measure, and how."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--set", action="append", choices=list(SETS), help="one set (again for more; all without it)")
    parser.add_argument("--peer", action="append", choices=list(PEERS), help="one engine (again for more)")
    parser.add_argument("--only", default="*", metavar="GLOB", help="instances whose name fits: a seed, or a file's")
    parser.add_argument("--time-limit", type=float, metavar="S", help="instead of each set's own")
    parser.add_argument("--threads", type=int, default=2, help="for engines that can use several (default 2)")
    parser.add_argument("--seed", type=int, default=1, help="of the engines that take one")
    parser.add_argument("--from", dest="source", type=Path, default=PUBLISHED, help="where the published files are")
    parser.add_argument("--out", type=Path, help="keep measurements in this folder instead of docs/benchmarks")
    parser.add_argument("--resume", action="store_true", help="keep what this version of an engine has done before")
    parser.add_argument("--quick", action="store_true", help="a few small instances, 5 s each; stores no results")
    parser.add_argument("--write-only", action="store_true", help="measure nothing: write docs/benchmarks.md anew")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
