"""Lengths of time in the sentences about broken rules."""

import pytest

from optimizer.lengths import length_words


@pytest.mark.parametrize(("seconds", "words"), [
    (0, "0 s"), (1, "1 s"), (60, "1 min"), (268, "4 min 28 s"),
    (3_600, "1 h"), (7_201, "2 h 1 s"), (11_004, "3 h 3 min 24 s"),
])  # fmt: skip
def test_a_length_is_said_to_the_second_without_what_is_nought(seconds, words):
    assert length_words(seconds) == words
