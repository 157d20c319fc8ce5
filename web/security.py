"""The headers and cookie rules that every answer carries."""

from urllib.parse import urlsplit

from flask import Flask, Response, request
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import CSRFProtect

CONTENT_SECURITY_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
YEAR_S = 365 * 24 * 3600


class SecureWhenHttps(SecureCookieSessionInterface):
    """Marks the session cookie Secure exactly when the visitor came over https.

    Behind a proxy the WSGI server says so from X-Forwarded-Proto, and only for proxies that it trusts.
    """

    def get_cookie_secure(self, app: Flask) -> bool:
        return request.is_secure


def init_app(app: Flask, map_tile_url: str | None) -> None:
    """Add CSRF protection, the cookie rules and the headers; pictures may also come from the map tiles' server."""
    policy = dict(CONTENT_SECURITY_POLICY)
    if map_tile_url:
        policy["img-src"] += f" {origin_of(map_tile_url)}"
    header = "; ".join(f"{name} {value}" for name, value in policy.items())
    app.config.update(
        SESSION_COOKIE_NAME="wrenchtime",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,  # a phone's page stays open all day: the token lives as long as the session
        WTF_CSRF_HEADERS=["X-CSRFToken"],
    )
    app.session_interface = SecureWhenHttps()
    CSRFProtect(app)
    app.after_request(lambda response: _add_headers(response, header))


def origin_of(map_tile_url: str) -> str:
    """The server of a tile address such as https://{s}.tiles.example/{z}/{x}/{y}.png, as the policy names it."""
    parts = urlsplit(map_tile_url)
    return f"{parts.scheme}://{parts.netloc.replace('{s}', '*')}"


def _add_headers(response: Response, policy: str) -> Response:
    response.headers.setdefault("Content-Security-Policy", policy)
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", f"max-age={YEAR_S}")
    response.headers.setdefault("Cache-Control", "no-store")  # pages carry customers' names and addresses
    return response
