"""Which pages the top bar offers to whom."""

from dataclasses import dataclass

from flask import Flask

from web.access import roles_of


@dataclass(frozen=True)
class Page:
    """One entry of the top bar."""

    title: str
    endpoint: str


PAGES = (
    Page("Dispatch", "console.board"),
    Page("Customers", "console.customers"),
    Page("Territories", "console.territories"),
    Page("My day", "technician.day"),
    Page("Reports", "manager.utilization"),
    Page("Tasks", "tasks.page"),
    Page("Webhooks", "webhooks.page"),
)


def init_app(app: Flask) -> None:
    """Give the base template what it needs to draw the top bar."""

    def pages_for(role: str) -> list[Page]:
        return [page for page in PAGES if role in roles_of(app, page.endpoint)]

    app.jinja_env.globals["pages_for"] = pages_for
