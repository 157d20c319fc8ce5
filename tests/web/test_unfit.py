"""What neither code nor database can take is refused in words, and is no fault of ours."""

import pytest

from tests.web.api.conftest import make_caller

__all__ = ["make_caller"]


@pytest.mark.parametrize("number", ["99999999999999999999", "2147483648", "9" * 5_000])
def test_a_number_that_no_row_can_have_is_no_address(signed_in, number: str):
    """SQLite knows no such number, and PostgreSQL none in the column."""
    admin = signed_in("admin")
    for path in ("/photos/{}", "/console/jobs/{}", "/console/customers/{}", "/api/v1/jobs/{}"):
        assert admin.get(path.format(number)).status_code == 404


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000])
def test_a_text_that_is_nested_too_deeply_is_no_json(signed_in, make_caller, text: str):
    """On pages as in the API."""
    told = {"data": text, "content_type": "application/json"}
    caller = make_caller("dispatcher")
    client, headers = caller.app.test_client(use_cookies=False), {"Authorization": f"Bearer {caller.secret}"}
    assert client.post("/api/v1/jobs", headers=headers, **told).status_code == 400
    phone = signed_in("technician")
    said = phone.client.post("/phone/api/stops/1/status", headers={"X-CSRFToken": phone.token()}, **told)
    assert said.status_code == 400


def test_a_character_that_no_database_stores_is_in_no_address(signed_in):
    """Else PostgreSQL would be asked for it."""
    assert signed_in("admin").post("/account/sessions/%00/end").status_code == 404
