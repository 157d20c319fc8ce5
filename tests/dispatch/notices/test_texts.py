"""The words of messages are changed by one person at a time, who has seen what they change."""

import pytest

from dispatch.errors import Stale
from dispatch.notices.texts import Words, change_words, get_words
from tests.dispatch.at_once import do_at_once
from tests.dispatch.notices.conftest import EVENING
from tests.dispatch.town import user_of


@pytest.mark.parametrize("seen", [0, 1])
def test_of_two_who_change_the_same_words_at_once_one_looks_again(either_database, seen):
    """Whether nobody had changed them before, or somebody had; the first one's words are kept."""
    with either_database.begin() as session:
        by = user_of(session, "a", "admin").id
        if seen:
            change_words(session, "confirmed", "SMS", "en", 0, Words("", "before", True), EVENING, by)

    def change_to(body):
        words = Words("", body, True)
        return lambda session: change_words(session, "confirmed", "SMS", "en", seen, words, EVENING, by)

    [fault] = do_at_once(either_database, change_to("first"), change_to("second"))
    assert isinstance(fault, Stale), fault
    with either_database() as session:
        assert get_words(session, "confirmed", "SMS", "en") == Words("", "first", True, seen + 1)
