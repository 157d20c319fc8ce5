"""The sample company is the same every time, holds together, and has a day as tight as real ones."""

from collections import Counter
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from data.sample.catalogue import JOB_TYPES
from data.sample.company import JOBS_PER_DAY, sample_company
from data.sample.districts import list_districts
from data.sample.team import ON_LEAVE, SICK_TODAY
from data.territories import assign, list_gaps, list_overlaps

TODAY = date(2025, 6, 11)


@pytest.fixture(scope="module")
def company():
    """The company of an ordinary Wednesday."""
    return sample_company(TODAY)


def able(company, job, on):
    """Codes of those on duty who have the skills, the parts, the territory and the customer's trust."""
    return [
        t.code
        for t in company.technicians
        if on.weekday() in t.hours
        and t.find_absence(on) is None
        and job.territory in (t.territory, *t.secondary_territories)
        and all(t.skills.get(skill, 0) >= level for skill, level in job.skills.items())
        and all(t.capacity.get(part, 0) >= count for part, count in job.parts.items())
        and (not job.required or t.code in job.required)
        and t.code not in job.excluded
    ]


def test_the_same_day_and_seed_give_the_same_company(company):
    assert sample_company(TODAY) == company


def test_another_seed_gives_another_company(company):
    assert sample_company(TODAY, seed=8) != company


def test_any_source_of_addresses_will_do():
    """A stand-in town of one street is enough."""

    def one_street(n: int, rng: np.random.Generator) -> list[tuple[float, float, str]]:
        return [(-29.91, -71.25, "Calle Única")] * n

    assert {job.location for job in sample_company(TODAY, addresses=one_street).jobs} == {(-29.91, -71.25)}


def test_there_are_25_technicians_and_six_days_of_jobs(company):
    assert len(company.technicians) == 25
    days = [TODAY + timedelta(days=n) for n in range(6)]
    assert [len(company.list_jobs(day)) for day in days] == list(JOBS_PER_DAY)
    assert JOBS_PER_DAY[0] == 180


@pytest.mark.parametrize("days_later", range(7))
def test_every_weekday_is_the_same_first_day(company, days_later):
    """A demo on a Sunday has as many people and as much work as one on a Wednesday."""
    on = TODAY + timedelta(days=days_later)
    other = sample_company(on)
    on_duty = [t.code for t in other.technicians if on.weekday() in t.hours and t.find_absence(on) is None]
    assert len(on_duty) == 23
    assert set(range(1, 26)) - {int(code[1:]) for code in on_duty} == {int(SICK_TODAY[1:]), int(ON_LEAVE[1:])}
    assert [job.title for job in other.list_jobs(on)] == [job.title for job in company.list_jobs(TODAY)]


@pytest.mark.parametrize("on", [date(2025, 4, 5), date(2025, 9, 6), date(2024, 2, 28)])
def test_odd_days_are_no_trouble(on):
    """The days on which Chile changes its clocks, and a leap year."""
    zone = ZoneInfo("America/Santiago")
    for job in sample_company(on).jobs:
        assert {start_at.astimezone(zone).date() for start_at, _ in job.windows} <= {job.on}


def test_codes_and_numbers_are_unique(company):
    assert len({t.code for t in company.technicians}) == len(company.technicians)
    assert len({job.number for job in company.jobs}) == len(company.jobs)


def test_everybody_lives_and_every_job_lies_in_a_territory(company):
    places = [t.home for t in company.technicians] + [job.location for job in company.jobs]
    assert None not in assign(places, company.territories)
    assert {job.territory for job in company.jobs} == {territory.name for territory in company.territories}


def test_the_districts_neither_overlap_nor_leave_holes():
    districts = list_districts()
    assert (list_overlaps(districts), list_gaps(districts)) == ([], [])
    assert all(district.polygon.is_valid for district in districts)


def test_names_refer_to_what_exists(company):
    codes = {t.code for t in company.technicians}
    types = {kind.name for kind in JOB_TYPES}
    for job in company.jobs:
        assert job.required | job.preferred | job.excluded <= codes
        assert job.job_type in types


def test_windows_are_in_order_and_dues_make_sense(company):
    for job in company.jobs:
        assert all(start_at < end_at for start_at, end_at in job.windows)
        assert list(job.windows) == sorted(job.windows)
        if job.due_at is not None and job.windows:
            assert job.due_at >= job.windows[0][0]
        assert 0 <= job.priority <= 100
        assert 10 * 60 <= job.service_s <= 2 * 3600


def test_contact_details_reach_nobody(company):
    people = [(t.phone, t.email) for t in company.technicians]
    people += [(job.customer_phone, job.customer_email) for job in company.jobs]
    for phone, email in people:
        assert phone.startswith("+56 9 0")
        assert email.endswith("@example.org")
        assert email.isascii()


def test_every_trade_is_there_with_a_few_emergencies(company):
    today = company.list_jobs(TODAY)
    trade = {kind.name: kind.trade for kind in JOB_TYPES}
    counts = Counter(trade[job.job_type] for job in today)
    assert set(counts) == {"gas", "electricity", "lifts", "internet", "cleaning"}
    assert min(counts.values()) >= 15
    assert 3 <= sum(job.priority >= 90 for job in today) <= 12


def test_today_is_tight_but_can_be_done(company):
    """Work on site takes three quarters to nine tenths of the hours on duty; the rest goes on the road."""
    hours = [
        (t.hours[TODAY.weekday()], t.lunch.length_s if t.lunch else 0)
        for t in company.technicians
        if t.find_absence(TODAY) is None
    ]
    on_duty_s = sum(
        (h.end.hour - h.start.hour) * 3600 + (h.end.minute - h.start.minute) * 60 - lunch_s for h, lunch_s in hours
    )
    work_s = sum(job.service_s + job.setup_s for job in company.list_jobs(TODAY))
    assert 0.75 < work_s / on_duty_s < 0.9
    assert 35 * 60 < sum(job.service_s for job in company.list_jobs(TODAY)) / 180 < 46 * 60


def test_four_jobs_of_today_cannot_be_done_for_reasons_that_tell(company):
    impossible = {job.title for job in company.list_jobs(TODAY) if not able(company, job, TODAY)}
    assert impossible == {"Gas network certificate", "Lift door drive exchange", "Wiring repair, second visit"}
    (early,) = (job for job in company.list_jobs(TODAY) if job.title == "Boiler repair before opening")
    first_start = min(t.hours[TODAY.weekday()].start for t in company.technicians if TODAY.weekday() in t.hours)
    assert early.windows[0][1].astimezone(ZoneInfo(company.zone)).time() < first_start


def test_most_jobs_ahead_have_somebody_who_can_do_them(company):
    for days in range(1, 6):
        on = TODAY + timedelta(days=days)
        jobs = company.list_jobs(on)
        assert sum(bool(able(company, job, on)) for job in jobs) >= 0.95 * len(jobs)
