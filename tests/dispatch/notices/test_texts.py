"""The words of messages are changed by one person at a time, who has seen what they change."""

import pytest

from dispatch.errors import Stale
from dispatch.models import LANGUAGES
from dispatch.notices.shipped import SHIPPED
from dispatch.notices.texts import SAMPLE, Words, change_words, fill_in, get_words
from tests.dispatch.at_once import do_at_once
from tests.dispatch.notices.conftest import EVENING, SETTLED
from tests.dispatch.town import plan, user_of


@pytest.mark.both_databases
@pytest.mark.parametrize("seen", [0, 1])
def test_of_two_who_change_the_same_words_at_once_one_looks_again(session_factory, seen):
    """Whether nobody had changed them before, or somebody had; the first one's words are kept."""
    with session_factory.begin() as session:
        by = user_of(session, "a", "admin").id
        if seen:
            change_words(session, "confirmed", "SMS", "en", 0, Words("", "before", True), EVENING, by)

    def change_to(body):
        words = Words("", body, True)
        return lambda session: change_words(session, "confirmed", "SMS", "en", seen, words, EVENING, by)

    [fault] = do_at_once(session_factory, change_to("first"), change_to("second"))
    assert isinstance(fault, Stale), fault
    with session_factory() as session:
        assert get_words(session, "confirmed", "SMS", "en") == Words("", "first", True, seen + 1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_there_is_no_link_the_words_lead_to_none(language):
    """PUBLIC_URL is not set up: no line ends with a colon but the greeting, and none is missing between paragraphs."""
    for subject, body in SHIPPED[language].values():
        said = fill_in(body, {**SAMPLE, "link": "", "phone": ""})
        assert [line for line in said.splitlines()[1:] if line.endswith(":")] == [], subject
        assert "\n\n\n" not in said, subject


def test_what_waits_is_not_sent_once_such_messages_are_switched_off(town):
    """It says why."""
    plan(town.factory, now=EVENING)
    town.tell(EVENING)
    with town.factory.begin() as session:
        off = Words("See you", "See you {date}.", False)
        change_words(session, "confirmed", "e-mail", "en", 0, off, EVENING, user_of(session, "a", "admin").id)
    town.tell(SETTLED)
    assert (town.mails(), town.notices()) == ([], [("confirmed", "e-mail", "dropped")] * 2)
