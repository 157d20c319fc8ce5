"""Whose stop it is: technicians reach those that were ever their day, and none that was only proposed."""

import pytest
from sqlalchemy import select

from dispatch.errors import NotFound
from dispatch.models import PlanVersion, Stop
from dispatch.on_site.own_stops import get_own_stop
from tests.dispatch.town import MONDAY, at, job_named, plan, user_of


def test_a_visit_that_a_draft_proposes_is_nobodys_yet(town):
    """T1 reads nothing of J2 and writes nothing to it while it is T2's; the office looks at drafts."""
    with town.begin() as session:
        for wish in job_named(session, "J2").wishes:
            wish.wish = "excluded"
    plan(town, now=at(8), as_draft=True)
    with town.begin() as session:
        drafts = PlanVersion.on == MONDAY, PlanVersion.published_at.is_(None)
        query = select(Stop).join(PlanVersion, Stop.plan_id == PlanVersion.id).where(*drafts)
        proposed = next(one for one in session.scalars(query) if one.job.number == "J2")
        assert proposed.route.technician.code == "T1"
        with pytest.raises(NotFound):
            get_own_stop(session, proposed.id, user_of(session, "T1"))
        assert get_own_stop(session, proposed.id, user_of(session, "EVE", "dispatcher")) is proposed
