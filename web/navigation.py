"""Which pages the top bar offers to whom, and which of them is the one in view."""

from dataclasses import dataclass

from flask import Flask, request, url_for
from flask_login import current_user

from web.access import is_open_to_limited, roles_of


@dataclass(frozen=True)
class Page:
    """One entry of the top bar; what is set up once and looked at rarely stands behind "Set-up"."""

    title: str
    endpoint: str
    is_setup: bool = False

    @property
    def path(self) -> str:
        """Where it is."""
        return url_for(self.endpoint)


PAGES = (
    Page("Dispatch", "console.board"),
    Page("Events", "console.events"),
    Page("Customers", "console.customers"),
    Page("Team", "console.team"),
    Page("Vans", "console.vans"),
    Page("Maintenance", "maintenance.plans"),
    Page("Messages", "notices.page"),
    Page("My day", "technician.day"),
    Page("Reports", "manager.utilization"),
    Page("Catalogue", "console.catalogue", is_setup=True),
    Page("Territories", "console.territories", is_setup=True),
    Page("Event policies", "console.event_policies", is_setup=True),
    Page("Tasks", "tasks.page", is_setup=True),
    Page("Webhooks", "webhooks.page", is_setup=True),
    Page("Accounts", "accounts.page", is_setup=True),
)


def init_app(app: Flask) -> None:
    """Give the base template what it needs to draw the top bar."""

    def pages_for(role: str) -> list[Page]:
        found = [page for page in PAGES if role in roles_of(app, page.endpoint)]
        is_limited = bool(current_user.territory_ids)
        return [page for page in found if not is_limited or is_open_to_limited(app, page.endpoint)]

    app.jinja_env.globals.update(pages_for=pages_for, page_in_view=page_in_view)


def page_in_view() -> Page | None:
    """The entry that the page in view belongs to: of those above it in its address, the nearest; None elsewhere."""
    above = [page for page in PAGES if f"{request.path}/".startswith(f"{page.path}/")]
    return max(above, key=lambda page: len(page.path), default=None)
