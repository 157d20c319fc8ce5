"""Links to the page of a visit: seen, handed over and revoked over the API, and on the page of messages."""

import pytest

from dispatch.events import list_events
from dispatch.models import CustomerLink

LINK = "/jobs/1/customer-link"


def address(caller) -> str:
    """The path of the link that a message would carry now."""
    answer = caller.get(LINK)
    assert answer.status_code == 200, answer.json
    assert answer.json["until_on"] == "2027-01-07"
    return answer.json["link"].removeprefix("http://localhost")


def test_a_program_hands_over_a_link_and_revokes_it(dispatcher, visitor, database):
    """The old one opens nothing any more, and says so; the new one does, until it is revoked too."""
    first = address(dispatcher)
    assert "We come on Monday 23 November" in visitor.get(first).text
    assert address(dispatcher) == first
    for times in (1, 2):
        old = address(dispatcher)
        assert dispatcher.call("DELETE", LINK).status_code == 204
        assert address(dispatcher) not in (old, first)
        for revoked in (old, first):
            gone = visitor.get(revoked)
            assert (gone.status_code, "This page is no longer kept" in gone.text) == (404, True)
            assert visitor.post(f"{revoked}/ask", wants="cancel").status_code == 404
        assert visitor.get(address(dispatcher)).status_code == 200
        database.rollback()
        assert database.get(CustomerLink, 1).revoked == times
        assert list_events(database)[-1].kind == "customer link revoked"
    assert visitor.get(dispatcher.get("/jobs/2/customer-link").json["link"].removeprefix("http://localhost"))


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_there_is_no_link_to_a_job_that_is_not_there(dispatcher, method):
    """404, as for the job."""
    assert dispatcher.call(method, "/jobs/77/customer-link").status_code == 404


def test_a_dispatcher_revokes_links_on_the_page_of_messages(signed_in, dispatcher, visitor):
    """And is told for which job; the page shows the new one."""
    first, office = address(dispatcher), signed_in("dispatcher")
    assert f'href="{first}"' in office.get("/notices/customers/1").text
    assert office.post("/notices/jobs/1/link/revoke").location == "/notices/customers/1"
    page = office.get("/notices/customers/1").text
    assert "Links to the page of J-1 that were sent until now open nothing" in page
    assert f'href="{first}"' not in page
    assert f'href="{address(dispatcher)}"' in page
    assert visitor.get(first).status_code == 404
