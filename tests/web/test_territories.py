"""The page of territories: a map, and a form that stores another outline or says all that is wrong with it."""

import html
import io
import json
import re

import pytest

from dispatch.notices.links import make_token
from tests.web.conftest import NOW, Visitor
from tests.web.test_notices import SECRET

SQUARE = json.dumps({"type": "Polygon", "coordinates": [[[-71, -30], [-70, -30], [-70, -29], [-71, -29], [-71, -30]]]})
FORM = "/console/territories/1/outline"


@pytest.fixture
def page() -> str:
    """The address of a customer's page, of a job in the territory."""
    return f"/c/{make_token(SECRET, 1, NOW)}"


def version_of(visitor: Visitor) -> int:
    features = visitor.get("/console/api/territories").json["features"]
    return next((one["properties"]["version"] for one in features if one["properties"]["kind"] == "territory"), 1)


def test_an_outline_is_stored_and_shown(signed_in):
    eve = signed_in("dispatcher")
    answer = eve.post(FORM, version=str(version_of(eve)), outline=SQUARE)
    assert answer.location == "/console/territories"
    assert "The outline is stored; " in eve.get("/console/territories").get_data(as_text=True)
    [shown] = [one for one in eve.get("/console/api/territories").json["features"] if one["properties"].get("id") == 1]
    assert shown["geometry"]["coordinates"][0][0] == [-71.0, -30.0]


def test_a_file_is_as_good_as_what_is_pasted(signed_in):
    eve = signed_in("dispatcher")
    file = (io.BytesIO(SQUARE.encode()), "area.geojson")
    assert eve.post(FORM, version=str(version_of(eve)), outline="", file=file).status_code == 302


def test_what_is_wrong_is_said(signed_in):
    eve = signed_in("dispatcher")
    version = str(version_of(eve))
    refused = eve.post(FORM, version=version, outline="{")
    assert (refused.status_code, "not JSON" in refused.get_data(as_text=True)) == (400, True)
    assert eve.post(FORM, version="99", outline=SQUARE).status_code == 409
    assert eve.post(FORM, version="x", outline=SQUARE).status_code == 400
    picture = (io.BytesIO(b"\xff\xd8\xff"), "area.jpg")
    assert "no text" in eve.post(FORM, version=version, file=picture).get_data(as_text=True)


def test_an_outline_that_is_refused_comes_back_as_it_was_drawn(signed_in):
    """Crossing itself, to be mended; late, to be stored over what somebody else has drawn, or not."""
    eve = signed_in("dispatcher")
    version = str(version_of(eve))
    crossing = SQUARE.replace("[-70, -29]", "[-71, -28]").replace("[-71, -29]", "[-70, -29]")
    refused = eve.post(FORM, version=version, outline=crossing)
    assert (refused.status_code, html.unescape(refused.text).count(crossing)) == (400, 1)
    assert 'data-territory="1" open' in refused.text
    assert eve.post(FORM, version=version, outline=SQUARE).status_code == 302
    late = eve.post(FORM, version=version, outline=SQUARE.replace("-28", "-27"))
    assert (late.status_code, "What you drew is in the form below" in late.text) == (409, True)
    [new] = re.findall(r'open>.*?name="version" value="(\d+)"', late.text, re.DOTALL)
    assert eve.post(FORM, version=new, outline=SQUARE).status_code == 302


def test_a_territory_gets_its_own_telephone_and_its_customers_read_it(signed_in, visitor, page):
    """In place of the company's, which the field shows while there is none; what cannot be dialled is refused."""
    eve = signed_in("dispatcher")
    form = "/console/territories/1/phone"
    assert eve.post(form, version=str(version_of(eve)), phone="051 221 0000").location == "/console/territories"
    shown = eve.get("/console/territories").get_data(as_text=True)
    assert "Customers in La Serena are told to call 051 221 0000." in shown
    assert 'value="051 221 0000"' in shown
    assert '<a href="tel:0512210000">Call us: 051 221 0000</a>' in visitor.get(page).get_data(as_text=True)
    refused = eve.post(form, version="2", phone="call Ana")
    assert (refused.status_code, "no telephone number" in refused.get_data(as_text=True)) == (400, True)
    assert eve.post(form, version="1", phone="").status_code == 409
    assert eve.post(form, version="2", phone="").status_code == 302
    assert "tel:" not in visitor.get(page).get_data(as_text=True)
