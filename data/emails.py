"""E-mail addresses that people enter: one alone, written so that a mail server can be asked to deliver to it.

Whether there is such a mailbox only its server knows, and nobody is asked: the program works offline.
"""

import string

MEND = "write one such as name@example.org"
LONGEST, LONGEST_NAME, LONGEST_LABEL = 254, 64, 63
"""Of an address, of what is before the @, and of each part between the dots after it: what mail servers take."""
_IN_NAMES = frozenset(string.ascii_letters + string.digits + "!#$%&'*+-/=?^_`{|}~.")
_IN_HOSTS = frozenset(string.ascii_letters + string.digits + "-.")


def find_fault(address: str) -> str | None:
    """What is wrong with it, in words without a full stop; None when it can be written to."""
    why_not = _find_why_not(address)
    return None if why_not is None else f"{address!r} is no e-mail address: {why_not}"


def _find_why_not(address: str) -> str | None:
    name, at, host = address.partition("@")
    odd = {"before": _find_odd(name, _IN_NAMES), "after": _find_odd(host, _IN_HOSTS)}
    labels = host.split(".")
    found = (
        ("it has no @", not at),
        ("it has more than one @", "@" in host),
        ("there is a space or a line break in it", any(one.isspace() for one in address)),
        ("nothing is before the @", not name),
        ("nothing is after the @", not host),
        *((f"{one!r} cannot be {where} the @", one is not None) for where, one in odd.items()),
        ("a dot before the @ is the first, the last or beside another", not all(name.split("."))),
        ("a dot after the @ is the first, the last or beside another", not all(labels)),
        ("a hyphen after the @ begins or ends a name", any(one.strip("-") != one for one in labels)),
        (f"it has more than {LONGEST_NAME} characters before the @", len(name) > LONGEST_NAME),
        (f"it has more than {LONGEST} characters", len(address) > LONGEST),
        (f"a name after the @ has more than {LONGEST_LABEL} characters", max(map(len, labels)) > LONGEST_LABEL),
    )
    return next((words for words, is_so in found if is_so), None)


def _find_odd(text: str, usual: frozenset[str]) -> str | None:
    """The first character that no address has there. Letters of any alphabet may be: mail servers learn them."""
    return next((one for one in text if one not in usual and (one.isascii() or not one.isprintable())), None)
