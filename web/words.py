"""Template filters: lengths of time, shares and initials as people read them."""

from datetime import date

from flask import Flask

from dispatch.board.day import initials
from web.browsers import name_browser


def init_app(app: Flask) -> None:
    """Give templates the filters."""
    app.jinja_env.filters.update(
        day=day,
        initials=initials,
        hours=hours,
        lasting=lasting,
        percent=percent,
        label=label,
        browser_name=name_browser,
    )


def day(on: date) -> str:
    """A date as people say it, such as Mon 23 Nov 2026."""
    return f"{on:%a} {on.day} {on:%b %Y}"


def hours(seconds: int) -> str:
    """Seconds as hours and minutes, such as 312 h 05, that never break into two lines."""
    minutes = round(seconds / 60)
    whole, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else ''}{whole}\u00a0h\u00a0{rest:02d}"


def lasting(seconds: int) -> str:
    """The same for what is mostly short: 2 min, and 1 h 05 from an hour on."""
    minutes = round(seconds / 60)
    return f"{minutes}\u00a0min" if abs(minutes) < 60 else hours(seconds)


def percent(share: float | None, digits: int = 0) -> str:
    """A share as a percentage; a dash where there is no share because there was no shift."""
    return "–" if share is None else f"{share:.{digits}%}"


def label(field: str) -> str:
    """A figure's name without its unit: "Busy share" for busy_share, "Shift" for shift_s."""
    return field.removesuffix("_s").replace("_", " ").capitalize()
