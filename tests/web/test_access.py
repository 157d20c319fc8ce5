"""Every view says who may open it, and everyone else is turned away."""

import pytest
from flask import Flask
from werkzeug.routing import Rule

from tests.web.conftest import Visitor
from web.access import EVERYONE, ROLES, refuse_unguarded_views, role_required, roles_of

DISPATCH = {"dispatcher", "admin"}
OFFICE = {"dispatcher", "manager", "admin"}
MAY_OPEN = {
    "health.healthz": EVERYONE,
    "auth.login": EVERYONE,
    "auth.sign_in": EVERYONE,
    "auth.code": EVERYONE,
    "auth.check": EVERYONE,
    "new_password.forgotten": EVERYONE,
    "new_password.ask": EVERYONE,
    "new_password.choose": EVERYONE,
    "new_password.store": EVERYONE,
    "auth.start": ROLES,
    "auth.logout": ROLES,
    "account.page": ROLES,
    "account.change_password": ROLES,
    "account.end_session": ROLES,
    "account.end_other_sessions": ROLES,
    "account.second_factor": ROLES,
    "account.offer_second_factor": ROLES,
    "account.confirm_second_factor": ROLES,
    "account.remove_second_factor": ROLES,
    "accounts.page": {"manager", "admin"},
    "accounts.link": {"manager", "admin"},
    "accounts.switch": {"admin"},
    "accounts.remove_second_factor": {"admin"},
    "accounts.new": {"admin"},
    "accounts.add": {"admin"},
    "accounts.edit": {"admin"},
    "accounts.change": {"admin"},
    "live.events": ROLES,
    "tasks.page": {"manager", "admin"},
    "tokens.page": ROLES,
    "tokens.make": ROLES,
    "tokens.revoke": ROLES,
    "api_description.document": EVERYONE,
    "api_description.page": EVERYONE,
    "webhooks.page": {"manager", "admin"},
    "webhooks.add": {"admin"},
    "webhooks.switch": {"admin"},
    "webhooks.again": {"manager", "admin"},
    "notices.page": OFFICE,
    "notices.answered": DISPATCH,
    "notices.again": DISPATCH,
    "notices.customer": DISPATCH,
    "notices.wish": DISPATCH,
    "notices.revoke_link": DISPATCH,
    "notices.texts": {"manager", "admin"},
    "notices.text": {"manager", "admin"},
    "notices.change_text": {"manager", "admin"},
    "customer.visit": EVERYONE,
    "customer.ask_for": EVERYONE,
    "customer.feedback": EVERYONE,
    "customer.stop": EVERYONE,
    "technician.day": {"technician"},
    "technician.day_data": {"technician"},
    "technician.report": {"technician"},
    "technician.seen": {"technician"},
    "technician.step": {"technician"},
    "technician.tell": {"technician"},
    "technician.part_used": {"technician"},
    "technician.part_missing": {"technician"},
    "technician.note": {"technician"},
    "technician.photo": {"technician"},
    "technician.worker": EVERYONE,
    "photos.photo": {"technician", "dispatcher", "admin"},
    "console.ask_for_job": DISPATCH,
    "console.basemap": DISPATCH,
    "console.board": DISPATCH,
    "console.board_data": DISPATCH,
    "console.board_expected": DISPATCH,
    "console.board_news": DISPATCH,
    "console.call_technician_in": DISPATCH,
    "console.cancel": DISPATCH,
    "console.catalogue": DISPATCH,
    "console.change_event_policies": OFFICE,
    "console.change_list": DISPATCH,
    "console.call_in_for": DISPATCH,
    "console.choose": DISPATCH,
    "console.customer": DISPATCH,
    "console.customers": DISPATCH,
    "console.decide_draft": DISPATCH,
    "console.decide_job": DISPATCH,
    "console.decide_job_data": DISPATCH,
    "console.decide_lines": DISPATCH,
    "console.discard_draft": DISPATCH,
    "console.discard_open_draft": DISPATCH,
    "console.dismiss_event": DISPATCH,
    "console.draft": DISPATCH,
    "console.draft_data": DISPATCH,
    "console.draft_routes": DISPATCH,
    "console.draw_outline": DISPATCH,
    "console.give_phone": DISPATCH,
    "console.edit": DISPATCH,
    "console.event": DISPATCH,
    "console.event_policies": OFFICE,
    "console.events": DISPATCH,
    "console.fill_van": DISPATCH,
    "console.holidays": DISPATCH,
    "console.job": DISPATCH,
    "console.version": DISPATCH,
    "console.versions": DISPATCH,
    "console.edit_job": DISPATCH,
    "console.store_job": DISPATCH,
    "console.make_a_move": DISPATCH,
    "console.move_in_draft": DISPATCH,
    "console.new_event": DISPATCH,
    "console.new_job": DISPATCH,
    "console.note": DISPATCH,
    "console.note_job": DISPATCH,
    "console.plan": DISPATCH,
    "console.promise": DISPATCH,
    "console.publish": DISPATCH,
    "console.publish_as_decided": DISPATCH,
    "console.repair": DISPATCH,
    "console.report": DISPATCH,
    "console.routes": DISPATCH,
    "console.run": DISPATCH,
    "console.save": DISPATCH,
    "console.store_promise": DISPATCH,
    "console.take_back_event": DISPATCH,
    "console.take_pin_off_job": DISPATCH,
    "console.team": DISPATCH,
    "console.technician": DISPATCH,
    "console.territories": DISPATCH,
    "console.territory_map": DISPATCH,
    "console.tick_step": DISPATCH,
    "console.try_a_move": DISPATCH,
    "console.vans": DISPATCH,
    "console.why_here": DISPATCH,
    "maintenance.add": DISPATCH,
    "maintenance.change": DISPATCH,
    "maintenance.change_form": DISPATCH,
    "maintenance.new": DISPATCH,
    "maintenance.plan": DISPATCH,
    "maintenance.plans": DISPATCH,
    "maintenance.skip": DISPATCH,
    "maintenance.switch": DISPATCH,
    "manager.utilization": {"manager", "admin"},
    "manager.utilization_file": {"manager", "admin"},
}
"""The whole application, view by view: one that is not here fails the test until somebody has decided."""


def is_api(endpoint: str) -> bool:
    """Tokens open it, whoever is signed in: tests/web/api walks it."""
    return endpoint.startswith("api_") and endpoint not in MAY_OPEN


def expected_roles(endpoint: str) -> set[str]:
    return set(MAY_OPEN[endpoint])


def answer(visitor, rule: Rule):
    """What a visitor gets at this address, with a token so that CSRF is not what refuses."""
    path = rule.build(dict.fromkeys(rule.arguments, 1))[1]
    return visitor.post_json(path, {}) if "POST" in rule.methods else visitor.get(path)


def test_every_view_is_open_to_exactly_the_roles_that_the_table_names(app: Flask):
    """A new view must be thought about here, and one that is gone leaves the table."""
    assert {name: set(roles_of(app, name)) for name in app.view_functions if not is_api(name)} == {
        name: set(roles) for name, roles in MAY_OPEN.items()
    }


@pytest.mark.parametrize("role", sorted(ROLES))
def test_a_role_is_refused_wherever_it_has_no_business(app: Flask, signed_in, role: str):
    """403 at every address of another role; never at one's own."""
    someone = signed_in(role)
    for rule in app.url_map.iter_rules():
        if is_api(rule.endpoint):
            continue
        expected = expected_roles(rule.endpoint)
        if rule.endpoint == "auth.logout":
            continue  # would end the session; it has a test of its own
        refused = answer(someone, rule).status_code == 403
        assert refused == (role not in expected and expected != EVERYONE), rule


def test_someone_signed_out_is_sent_to_the_sign_in_page_or_told_so_in_json(app: Flask, visitor):
    """Pages redirect and keep where the visitor wanted to go; scripts get 401."""
    for rule in app.url_map.iter_rules():
        if is_api(rule.endpoint) or expected_roles(rule.endpoint) == EVERYONE:
            continue
        response = answer(visitor, rule)
        if "/api/" in rule.rule:
            assert response.status_code == 401, rule
            assert response.json["status"] == 401
        else:
            assert response.status_code == 302, rule
            assert response.location.startswith("/login"), rule


def test_the_application_refuses_to_start_with_a_view_that_forgot_its_roles(own_app: Flask):
    """Safe by default: forgetting is an error at start-up, and a closed door even then."""
    own_app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    with pytest.raises(RuntimeError, match="forgotten"):
        refuse_unguarded_views(own_app)


def test_a_view_that_was_added_late_and_forgot_its_roles_is_closed(own_app: Flask):
    """Nobody may open what nobody was allowed to open."""
    own_app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    admin = Visitor(own_app.test_client())
    assert admin.sign_in("admin").status_code == 302
    assert admin.get("/forgotten").status_code == 403


@pytest.mark.parametrize("roles", [(), ("boss",)])
def test_role_required_takes_only_roles_that_exist(roles: tuple[str, ...]):
    """A misspelt role would close a page to everyone."""
    with pytest.raises(ValueError, match="role_required"):
        role_required(*roles)
