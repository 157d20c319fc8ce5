"""E-mail addresses: what mail servers deliver to is taken, what they cannot is told of, each with why."""

import pytest

from data.emails import find_fault


@pytest.mark.parametrize(
    "address",
    ["a.b@example.org", "o'brien+van-2@mail.team.example", "d@7.example", "root@localhost", "jörg@bücher.example",
     "x" * 64 + "@example.org"],
)  # fmt: skip
def test_what_can_be_written_to_is_taken(address):
    """Also names of this machine's own network, and letters of other alphabets."""
    assert find_fault(address) is None


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("", "has no @"),
        ("a b", "has no @"),
        ("a@b@c", "more than one @"),
        ("a b@example.org", "a space or a line break"),
        ("ana@example.org\nBcc: eve", "a space or a line break"),
        ("@example.org", "nothing is before the @"),
        ("ana@", "nothing is after the @"),
        ("<ana@example.org>", "'<' cannot be before the @"),
        ("ana,eve@example.org", "',' cannot be before the @"),
        ("ana\u200b@example.org", "'\\u200b' cannot be before the @"),
        ("a@[", "'[' cannot be after the @"),
        ("ana@exam_ple.org", "'_' cannot be after the @"),
        ("ana.@example.org", "a dot before the @"),
        ("ana@example..org", "a dot after the @"),
        ("ana@example.org.", "a dot after the @"),
        ("ana@-example.org", "a hyphen after the @"),
        ("x" * 65 + "@example.org", "more than 64 characters before the @"),
        ("ana@" + "example." * 40 + "org", "more than 254 characters"),
        ("ana@" + "x" * 64 + ".org", "more than 63 characters"),
    ],
)
def test_what_cannot_be_written_to_is_told_of_with_why(address, why):
    """The address itself is told too: in a file it may be one of thousands."""
    fault = find_fault(address)
    assert fault is not None
    assert fault.startswith(f"{address!r} is no e-mail address: ")
    assert why in fault
