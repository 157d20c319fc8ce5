"""The top bar offers each role its own pages, and marks the one that is in view, and no other."""

import re

import pytest

LINK = re.compile(r'<a href="([^"]+)"( aria-current="page")?>')


def links(page: str) -> tuple[list[str], list[str]]:
    """The addresses that the top bar offers, and those marked as in view."""
    bar = page[page.index('<nav id="pages"') : page.index("</nav>")]
    found = LINK.findall(bar)
    return [path for path, _ in found], [path for path, mark in found if mark]


@pytest.mark.parametrize(
    ("path", "in_view"),
    [
        ("/console", ["/console"]),
        ("/console/draft", ["/console"]),
        ("/console/customers", ["/console/customers"]),
        ("/console/customers/1", ["/console/customers"]),
        ("/console/territories", ["/console/territories"]),
        ("/account", []),
    ],
)
def test_one_entry_is_marked_as_in_view(signed_in, path: str, in_view: list[str]):
    offered, marked = links(signed_in("dispatcher").get(path).get_data(as_text=True))
    assert marked == in_view
    assert "/tasks" not in offered  # managers only
