"""What every peer answers: `run(instance, time_limit_s, threads, seed)` in its module, after `prepare()`."""

from dataclasses import dataclass, field

from tests.bench.judge import Routes


@dataclass(frozen=True)
class Found:
    """Routes, and for those who tell while they search: (seconds since the start, cost) of each better plan."""

    routes: Routes
    trace: list[tuple[float, int]] = field(default_factory=list)
