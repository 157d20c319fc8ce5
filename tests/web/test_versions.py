"""The pages of published plans: those of a day, and what each changed, from wherever a version is named."""

import pytest
from sqlalchemy import select

from dispatch.models import Job, PlanVersion
from tests.web.conftest import TODAY
from tests.web.test_drafts import draft, eve, factory, post  # noqa: F401 (fixtures)


@pytest.fixture
def shown(eve, draft, factory):  # noqa: F811
    """The draft is published after the first plan of the day; pages by their address."""
    with factory.begin() as session:
        session.get(PlanVersion, 1).version = 1
    assert post(eve, "publish", draft).status_code == 302

    def get(path):
        answer = eve.get(path)
        assert answer.status_code == 200, answer.status
        return " ".join(answer.get_data(as_text=True).split())

    return get


def test_the_day_lists_its_plans_and_each_opens_to_its_changes(shown, draft):  # noqa: F811
    """What changed, against which version, why, and who published it."""
    listed = shown(f"/console/plans?on={TODAY}")
    assert "Plan 5</a></th> <td>in force</td>" in listed
    assert "the first plan of the day" in listed
    assert f'/console/plans/{draft.id}"' not in listed, "it is a draft"
    one = shown(f"/console/plans/{draft.id + 1}")
    assert "Changes against plan 1" in one
    assert "J-4 Boiler 4</a>" in one
    assert "It came in after the published plan was made." in one
    assert "by Dispatcher Example" in one
    assert "It is the first plan of the day" in shown("/console/plans/1")


def test_the_last_plan_of_a_day_long_over_says_that_the_one_before_is_kept_no_more(shown, draft, factory):  # noqa: F811
    """Its own changes stand there still."""
    with factory.begin() as session:
        for plan_id in (draft.id, draft.id + 1):
            session.get(PlanVersion, plan_id).base_id = None
        session.flush()
        session.delete(session.get(PlanVersion, 1))
    one = shown(f"/console/plans/{draft.id + 1}")
    assert "The plan before it is kept no more" in one
    assert "J-4 Boiler 4</a>" in one
    assert "first plan of the day" not in one


def test_a_rule_that_somebody_kept_broken_is_named_with_who_and_why(eve, draft, factory):  # noqa: F811
    """J-1 starts after its customer's window has closed, and the customer has agreed."""
    with factory() as session:
        job_id = session.query(Job).filter_by(number="J-1").one().id
    post(eve, "move", draft, job=str(job_id), technician="T2", at="14:00")
    assert post(eve, "publish", draft, revision=2, reason="Agreed by phone.").status_code == 302
    with factory() as session:
        [plan_id] = session.scalars(select(PlanVersion.id).where(PlanVersion.status == "published"))
    words = " ".join(eve.get(f"/console/plans/{plan_id}").get_data(as_text=True).split())
    assert "Rules that are broken knowingly" in words
    assert 'J-1: work starts outside every time window</th> <td data-label="Kept by">Dispatcher Example</td>' in words
    assert "Rules that are broken knowingly" not in eve.get("/console/plans/1").get_data(as_text=True)


def test_a_draft_and_what_is_none_have_no_such_page(eve, draft):  # noqa: F811
    assert [eve.get(f"/console/plans/{plan_id}").status_code for plan_id in (draft.id, 999)] == [404, 404]


def test_a_job_leads_to_the_versions_that_had_it(shown, draft):  # noqa: F811
    assert f'href="/console/plans/{draft.id + 1}" aria-label="Plan 5, of {TODAY}"' in shown("/console/jobs/1")


def test_a_day_without_a_plan_says_so(shown):
    assert "Nothing was published for this day." in shown("/console/plans?on=2027-01-01")
