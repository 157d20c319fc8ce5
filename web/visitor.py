"""Where a request comes from, also behind proxies: these are believed as far as the installation says."""

from flask import Flask, request
from werkzeug.middleware.proxy_fix import ProxyFix


def init_app(app: Flask, trusted_proxies: int) -> None:
    """Believe so many proxies in front of us what they say about address, scheme and host; nobody else."""
    if trusted_proxies:
        count = trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]


def get_address() -> str:
    """The network address of the visitor."""
    return request.remote_addr or "unknown"
