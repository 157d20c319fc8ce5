"""Which ways to serve an emergency are worth showing."""

from dispatch.living.ways import _best
from optimizer.insert.offer import Move, Offer


def offer(shift: str, price: int, start_s: int, moved: str | None = None) -> Offer:
    move = None if moved is None else Move(moved, shift, None, None, 0)
    return Offer("lift", shift, shift, 0, start_s, start_s, 0, 0, 0, price, 0, move, ())


def test_a_way_that_moves_a_job_for_nothing_is_not_shown():
    plain = offer("Ana", 100, 600)
    assert _best([plain, offer("Ana", 100, 600, moved="boiler")]) == [plain]


def test_a_way_that_moves_a_job_to_come_sooner_or_cheaper_is_shown():
    plain, sooner, cheaper = offer("Ana", 100, 600), offer("Ana", 150, 300, "boiler"), offer("Ana", 90, 900, "meter")
    assert _best([plain, sooner, cheaper]) == [cheaper, plain, sooner]


def test_what_somebody_else_does_plainly_hides_nobodys_move():
    ana, ben = offer("Ana", 100, 600), offer("Ben", 200, 700, moved="boiler")
    assert _best([ana, ben]) == [ana, ben]
