"""Whose fault it is that a mail server does not take a message: its own, that of our account there, or the message's.

The three digits of an answer are those of RFC 5321; the three numbers that may follow are those of RFC 3463: they say
more, and are believed before the words.
"""

from __future__ import annotations

import re
import smtplib

FAULTS = (OSError, smtplib.SMTPException, ValueError)
"""What is raised where a message is not taken; ValueError of names, passwords and addresses."""
SERVER, LATER, FINAL = "server", "later", "final"
"""Whose fault it is that a message is not taken: the server's or the account's there, so that no other is taken
either; this message's, for now; this message's, for good."""
_TAKING = (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError)
_OF_MESSAGE = (smtplib.SMTPNotSupportedError, ValueError)
"""Letters in the address that the server does not know."""
_OF_ACCOUNT = frozenset({421, 454, 530, 534, 535, 538})
"""Answers that are about who sends, whenever they come: the server closes, or wants another password or encryption."""
_NUMBERS = re.compile(r"(?<![\d.])[45]\.(\d{1,3})\.(\d{1,3})(?!\.?\d)")
_OF_SENDER = frozenset({("1", "7"), ("1", "8"), ("2", "252"), ("4", "5"), ("7", "60")})
"""The sender's address is refused, or may not be used by this account; too much has been sent."""
_WORDS_OF_SENDER = re.compile(
    r"relay\w* (?:access )?(?:denied|not|prohibited|refused)|(?:to|not) relay\b|rcpthosts"
    r"|(?:sending|submission|daily|hourly)[\w ]{0,20}(?:limit|quota)|send ?as ?denied",
    re.IGNORECASE,
)
"""The same where no numbers say it: it will not pass on what we send, or no more of it."""


def judge(error: Exception) -> str:
    """Whose fault it is, of what is raised after signing in. Before, it is the server's."""
    if isinstance(error, _OF_MESSAGE):
        return FINAL
    code, said = read_answer(error)
    if not isinstance(error, _TAKING) or code in _OF_ACCOUNT or _is_about_sender(error, said):
        return SERVER  # a refused sender, no answer, or one of those that any message would get
    return FINAL if 500 <= code < 600 else LATER if 400 <= code < 500 else SERVER


def read_answer(error: Exception) -> tuple[int, str]:
    """The server's code, 0 where there is none, and its words; a message has one recipient."""
    code: int = 0
    words: bytes | str = ""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, words = next(iter(error.recipients.values()))
    elif isinstance(error, smtplib.SMTPResponseException):
        code, words = error.smtp_code, error.smtp_error
    return code, words.decode(errors="replace") if isinstance(words, bytes) else words


def _is_about_sender(error: Exception, said: str) -> bool:
    """Whether a recipient or a text was refused for who sends it.

    What policy forbids (x.7.x) at a recipient is to pass on what we send; at the text it is the text. For now, it asks
    for patience with the message.
    """
    found = _NUMBERS.search(said)
    if found is not None:
        subject, detail = found.groups()
        if (subject, detail) in _OF_SENDER:
            return True
        if subject == "7" and found[0].startswith("5") and isinstance(error, smtplib.SMTPRecipientsRefused):
            return True
        if detail != "0" and subject != "7":  # it is something else
            return False
    return _WORDS_OF_SENDER.search(said) is not None
