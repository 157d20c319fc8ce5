"""Puts the web application together."""

from pathlib import Path

from flask import Flask

from dispatch.db import make_session_factory
from dispatch.settings import Settings
from web import (
    access,
    account,
    accounts,
    api,
    assets,
    auth,
    console,
    context,
    customer,
    errors,
    health,
    live,
    maintenance,
    manager,
    navigation,
    new_password,
    notices,
    photos,
    security,
    signed_in,
    tasks,
    technician,
    tokens,
    turning,
    unfit,
    uploads,
    visitor,
    webhooks,
    words,
)


def create_app(
    settings: Settings | None = None,
    *,
    clock: context.Clock = context.utc_now,
    static: Path = assets.STATIC,
) -> Flask:
    """The WSGI application of one installation; `settings` come from the environment when not given."""
    settings = settings or Settings.from_env()
    app = Flask(__name__, static_folder=None)
    app.config["SECRET_KEY"] = settings.secret_key
    app.config["MAX_CONTENT_LENGTH"] = 1024 * 1024  # what takes more says so: web/uploads.py
    context.install(app, context.House(settings, make_session_factory(settings), clock))
    unfit.init_app(app)
    signed_in.init_app(app)
    uploads.init_app(app)
    api.bearer.init_app(app)  # before access, which asks whose token it is
    access.init_app(app)  # before security: someone signed out is told so, not that a token is missing
    security.init_app(app, settings.map_tile_url)
    api.init_app(app)
    errors.init_app(app)  # after the API's library, which brings handlers of its own
    assets.init_app(app, static)
    navigation.init_app(app)
    words.init_app(app)
    turning.init_app(app)
    live.init_app(app)
    visitor.init_app(app, settings.trusted_proxies)
    signing_in = (auth, new_password, account, accounts, tokens)
    office = (console, maintenance, notices, manager, tasks, webhooks)
    for part in (health, *signing_in, live, *office, technician, photos, customer):
        app.register_blueprint(part.blueprint)
    access.refuse_unguarded_views(app)
    return app
