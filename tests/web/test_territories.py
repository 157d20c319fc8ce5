"""The page of territories: a map, and a form that stores another outline or says all that is wrong with it."""

import io
import json

from tests.web.conftest import Visitor

SQUARE = json.dumps({"type": "Polygon", "coordinates": [[[-71, -30], [-70, -30], [-70, -29], [-71, -29], [-71, -30]]]})
FORM = "/console/territories/1/outline"


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
