"""What `make bench` measures: sets of instances, who plans them, and how long."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PUBLISHED = ROOT.parent / "shared" / "bench"
"""Where published files are looked for unless `--from` says otherwise."""
OURS = "Wrenchtime"
SEEDS = range(1, 11)
FIELD_UNIT = "seconds of travel and the price of what is left out"
HHCRSP_UNIT = "a third of distance, all lateness and the largest lateness"


@dataclass(frozen=True)
class Peer:
    """An engine: its module in `tests.bench.engines`, its package, and how many threads it can use."""

    name: str
    module: str
    package: str
    most_threads: int | None = None
    own_end: bool = False
    """On our days it runs until it ends by itself, however long that takes."""


PEERS = {
    peer.name: peer
    for peer in (
        Peer(OURS, "ours", "wrenchtime"),
        Peer("VROOM", "vroom_engine", "pyvroom", own_end=True),
        Peer("PyVRP", "pyvrp_engine", "pyvrp", most_threads=1),
        Peer("vrp-cli", "vrp_cli_engine", "vrp-cli"),
        Peer("OR-Tools", "guided_local_search", "ortools", most_threads=1),
    )
}
ALL = tuple(PEERS)


@dataclass(frozen=True)
class BenchSet:
    """Days of our generator (`size`), or published files in a folder with their format and their best known values.

    `unit` is what its costs count; `peers` those that can express it.
    """

    name: str
    title: str
    time_limit_s: float
    unit: str
    peers: tuple[str, ...]
    size: tuple[int, int] | None = None
    days: int = 10
    folder: str = ""
    kind: str = ""
    ending: str = ""
    best: tuple[str, str] = ("", "")

    def list_instances(self, source: Path) -> list[str]:
        """The names of its instances: seeds, or files without their ending; none where the files are not there."""
        if self.size:
            return [str(seed) for seed in SEEDS[: self.days]]
        folder = source / self.folder
        return sorted(path.stem for path in folder.glob(f"*{self.ending}") if not path.stem.endswith("_sol"))

    def path(self, source: Path, instance: str) -> Path:
        """The file of an instance."""
        return source / self.folder / f"{instance}{self.ending}"


def field_set(visits: int, shifts: int, time_limit_s: float) -> BenchSet:
    """Days of our own generator."""
    title = f"Field service, {visits:,} visits and {shifts} technicians"
    return BenchSet(f"field-{visits}", title, time_limit_s, FIELD_UNIT, ALL, size=(visits, shifts))


SETS = {
    one.name: one
    for one in (
        field_set(60, 8, 10),
        field_set(200, 25, 10),
        field_set(500, 60, 10),
        field_set(1_000, 120, 30),
        BenchSet(
            "field-10000", "Field service, 10,000 visits and 1,200 technicians", 30, FIELD_UNIT, (OURS,),
            size=(10_000, 1_200), days=1,
        ),
        BenchSet(
            "solomon", "Solomon, 100 customers", 10, "distance", ALL,
            folder="solomon", kind="solomon", ending=".txt",
            best=("best_known.csv", "distance_truncated_to_0.1"),
        ),
        BenchSet(
            "homberger", "Gehring-Homberger, 1,000 customers", 60, "distance", ALL,
            folder="homberger1000", kind="vrplib", ending=".vrp",
        ),
        BenchSet(
            "sdvrptw", "Site-dependent VRPTW", 30, "distance",
            tuple(name for name in ALL if name not in ("VROOM", "vrp-cli")),
            folder="sdvrptw", kind="vrplib", ending=".vrp",
        ),
        BenchSet(
            "trsp", "Technician routing and scheduling (Pillac and others)", 60, "working time", (OURS,),
            folder="trsp", kind="trsp", ending=".txt", best=("published_2012.csv", "total_working_time"),
        ),
        BenchSet(
            "mankowska", "Home health care (Mankowska and others)", 60, HHCRSP_UNIT, (OURS,),
            folder="hhcrsp/mankowska", kind="hhcrsp", ending=".json", best=("best.csv", "best_cost"),
        ),
        BenchSet(
            "italian", "Home health care in Italian towns", 60, HHCRSP_UNIT, (OURS,),
            folder="hhcrsp/italian", kind="hhcrsp", ending=".json", best=("best.csv", "best_cost"),
        ),
    )
}  # fmt: skip
