"""CSRF, cookies and headers."""

import re
from pathlib import Path

import pytest

from web.security import origin_of

TEMPLATES = Path(__file__).parents[2] / "web" / "templates"


@pytest.mark.parametrize("path", ["/logout", "/phone/api/stops/1/status"])
def test_a_post_without_the_token_is_refused(signed_in, path: str):
    """Another site cannot make a signed-in browser do anything."""
    response = signed_in("technician").client.post(path, json={"status": "en_route"})
    assert response.status_code == 400
    assert "Reload" in response.get_data(as_text=True)


def test_signing_in_needs_the_token_too(visitor):
    """Else a stranger could sign somebody in under the stranger's own account."""
    fields = {"email": "manager@example.org", "password": "correct horse battery"}
    assert visitor.client.post("/login", data=fields).status_code == 400


def test_the_token_of_another_session_does_not_help(signed_in):
    """Tokens belong to one session."""
    stolen = signed_in("manager").token()
    response = signed_in("technician").client.post("/logout", data={"csrf_token": stolen})
    assert response.status_code == 400


@pytest.mark.parametrize("path", ["/login", "/healthz", "/no-such-page", "/phone"])
def test_every_answer_carries_the_headers(visitor, path: str):
    """Pages, JSON, errors and redirects alike."""
    headers = visitor.get(path).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"


def test_the_session_cookie_is_closed_to_scripts_and_other_sites(visitor):
    """HttpOnly and SameSite always; Secure and HSTS when the visitor came over https."""
    plain = visitor.get("/login")
    assert "HttpOnly" in plain.headers["Set-Cookie"]
    assert "SameSite=Lax" in plain.headers["Set-Cookie"]
    assert "Secure" not in plain.headers["Set-Cookie"]
    assert "Strict-Transport-Security" not in plain.headers
    secure = visitor.client.get("/login", base_url="https://localhost")
    assert "Secure" in secure.headers["Set-Cookie"]
    assert "max-age" in secure.headers["Strict-Transport-Security"]


@pytest.mark.parametrize(
    ("tiles", "origin"),
    [
        ("https://{s}.tiles.example/{z}/{x}/{y}.png", "https://*.tiles.example"),
        ("http://maps.local:8080/{z}/{x}/{y}.png?key=1", "http://maps.local:8080"),
    ],
)
def test_pictures_may_come_from_the_map_tiles_server_and_from_nowhere_else(tiles: str, origin: str):
    """Leaflet's {s} stands for several names of one server."""
    assert origin_of(tiles) == origin


@pytest.mark.parametrize("template", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.name)
def test_no_template_holds_what_the_policy_would_block(template: Path):
    """No inline script, style or handler: the browser would drop them without a word to the user."""
    text = template.read_text(encoding="utf-8")
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", text)
    assert re.findall(r"<script(?![^>]*(?:\ssrc=|type=\"application/json\"))", text) == []
