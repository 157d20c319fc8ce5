"""What schemathesis cannot know: days and instants are those of our two centuries."""

from datetime import UTC, date, datetime

import schemathesis
from hypothesis import strategies

FIRST, LAST = date(2000, 1, 1), date(2199, 12, 31)

schemathesis.openapi.format("date", strategies.dates(FIRST, LAST).map(date.isoformat))
schemathesis.openapi.format(
    "date-time",
    strategies.datetimes(datetime(2000, 1, 1), datetime(2199, 12, 31), timezones=strategies.just(UTC)).map(
        lambda at: at.replace(microsecond=0).isoformat().replace("+00:00", "Z")
    ),
)
