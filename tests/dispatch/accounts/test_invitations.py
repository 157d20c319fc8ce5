"""E-mails to people who were given an account: who did, and where they choose their password."""

import pytest

from dispatch.accounts.invitations import mail_invitation
from dispatch.accounts.mail_words import MAIL_WORDS, write_mail
from dispatch.accounts.users import add_user
from dispatch.events import list_events
from dispatch.notices.languages import LANGUAGES
from tests.dispatch.mailbox import open_mailbox
from tests.dispatch.town import MORNING

LINK = "https://plan.example.org/login/new-password/abc"


@pytest.mark.parametrize(
    ("language", "subject", "words"),
    [
        ("", "Your account at Wrenchtime", "Ana {link} has given you an account"),
        ("es", "Su cuenta de Wrenchtime", "Ana {link} le ha dado una cuenta"),
    ],
)
def test_an_invitation_speaks_the_language_of_the_company(open_installation, language, subject, words):
    """English unless something else is said. A name that looks like a field is a name."""
    factory = open_installation(COMPANY_LANGUAGE=language)
    with factory.begin() as session:
        admin, new = (
            add_user(
                session,
                email=f"{name.split()[0]}@example.org",
                name=name,
                role="admin",
                password="correct horse battery",
            )
            for name in ("Ana {link}", "Bo")
        )
    with open_mailbox() as mailbox:
        mail_invitation(factory, mailbox.server, new.id, LINK, admin.id, MORNING)
    [message] = mailbox.messages
    text = message.get_content()
    assert (message["To"], message["Subject"], words in text) == ("Bo@example.org".lower(), subject, True)
    assert text.count(LINK) == 1
    with factory() as session:
        assert list_events(session)[-1].kind == "password link e-mailed"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_mail_has_its_words_in_every_language(language):
    """With all that the others say."""
    assert MAIL_WORDS.keys() == set(LANGUAGES)
    for kind in MAIL_WORDS["en"]:
        facts = {"name": "Bo", "by": "Ana", "link": LINK, "email": "bo@example.org"}
        subject, text = write_mail(kind, language, **facts)
        said = write_mail(kind, "en", **facts)[1]
        assert subject
        assert [one in text for one in facts.values()] == [one in said for one in facts.values()]
