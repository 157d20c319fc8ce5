"""The oracle's view of the depot: whether a shift must call there, after which stops, and what the van holds."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from optimizer import Problem, Shift, Visit

Gaps = Sequence[int | None]
"""After how many stops a shift calls; None without a call."""


def gaps_to_try(order: Sequence[Visit], shift: Shift, *, overloaded: bool, tools_bind: bool) -> Gaps:
    """Every place for a call, if one is needed: some tool is lacking or, without a call, the van is overloaded."""
    lacking = lacking_tools(order, shift, None) if tools_bind else []
    if shift.depot is None or not (lacking or overloaded):
        return [None]
    return [gap for gap in range(len(order)) if not (tools_bind and lacking_tools(order, shift, gap))]


def lacking_tools(order: Sequence[Visit], shift: Shift, gap: int | None) -> list[str]:
    """The visits whose tools are neither on the van nor fetched in time; pinned visits make do."""
    before_call = order if gap is None or shift.depot is None else order[:gap]
    return [visit.id for visit in before_call if visit.tools - shift.tools and not visit.pin]


def overloaded(
    problem: Problem, order: Sequence[Visit], shift: Shift, pinned: Collection[Visit], gap: int | None
) -> bool:
    """Follows every kind of load from the depot on; what the second of a pair brings, the first has fetched.

    After a call, whatever else is delivered comes out of nowhere.
    """
    fetched = {pair.second for pair in problem.pairs}
    kinds = max([len(v.delivery) for v in order] + [len(v.pickup) for v in order])
    stocked = {v.id for place, v in enumerate(order) if gap is None or place < gap}
    for kind in range(kinds):

        def of(load: tuple[int, ...], kind: int = kind) -> int:
            return dict(enumerate(load)).get(kind, 0)

        room = max(of(shift.capacity), sum(of(v.delivery) + of(v.pickup) for v in pinned))
        aboard = sum(of(v.delivery) for v in order if v.id in stocked and v.id not in fetched)
        history = [aboard]
        for v in order:
            aboard += of(v.pickup)
            if v.id in fetched or v.id in stocked:
                aboard -= of(v.delivery)
            history.append(aboard)
        if max(history) > room:
            return True
    return False
