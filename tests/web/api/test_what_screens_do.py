"""Whatever people do on screens, programs do too: each view has its operations, or a reason why it has none."""

import pytest
from flask import Flask

from tests.web.test_access import MAY_OPEN
from web.access import is_open_to_limited, roles_of

SAME = {
    "accounts.add": "new_account",
    "accounts.change": "change_account_person",
    "accounts.edit": "one_account",
    "accounts.link": "new_password_link",
    "accounts.page": "list_of_accounts",
    "accounts.remove_second_factor": "remove_second_factor",
    "accounts.switch": "switch_account_off_or_on",
    "console.ask_for_job": "add_job",
    "console.board": "board_of_day",
    "console.board_data": "board_of_day",
    "console.board_expected": "board_of_day",
    "console.board_news": "list_of_events",
    "console.call_in_for": "call_in_technician",
    "console.call_technician_in": "call_in_technician",
    "console.cancel": "stop_run",
    "console.catalogue": "catalogue",
    "console.change_event_policies": "change_policy",
    "console.change_list": "add_technicians_skills",
    "console.choose": "choose_way_to_serve",
    "console.customer": "history_of_customer",
    "console.customers": "list_of_customers",
    "console.decide_draft": "decide_draft",
    "console.decide_job": "move_job",
    "console.decide_job_data": "move_job",
    "console.decide_lines": "decide_draft",
    "console.discard_draft": "discard_draft",
    "console.discard_open_draft": "discard_draft",
    "console.dismiss_event": "dismiss_incident",
    "console.draft": "list_of_drafts",
    "console.draft_data": "one_draft",
    "console.draft_routes": "routes_of_draft",
    "console.draw_outline": "draw_outline",
    "console.edit_job": "one_job",
    "console.event": "one_incident",
    "console.event_policies": "list_of_policies",
    "console.events": "list_of_incidents",
    "console.fill_van": "count_van",
    "console.give_phone": "give_phone",
    "console.holidays": "list_holidays_rows",
    "console.job": "one_job",
    "console.make_a_move": "move_a_job",
    "console.move_in_draft": "move_in_draft",
    "console.note": "note_at_customer",
    "console.note_job": "note_at_job",
    "console.plan": "plan_day",
    "console.promise": "one_job",
    "console.publish": "publish",
    "console.publish_as_decided": "publish",
    "console.repair": "repair_incident",
    "console.report": "report_incident",
    "console.routes": "routes_of_day",
    "console.run": "one_run",
    "console.save": "edit_technicians_row",
    "console.store_job": "edit_job",
    "console.store_promise": "promise_window",
    "console.take_back_event": "take_incident_back",
    "console.take_pin_off_job": "unpin_job",
    "console.team": "team_today",
    "console.technician": "effects_of_technician",
    "console.territories": "list_of_territories",
    "console.territory_map": "map_of_territories",
    "console.tick_step": "tick_step",
    "console.try_a_move": "try_a_move",
    "console.vans": "van_of_technician",
    "console.version": "changes_of_plan",
    "console.versions": "list_of_plans",
    "console.why_here": "why_here",
    "live.events": "stream_of_events",
    "maintenance.add": "new_maintenance_plan",
    "maintenance.change": "edit_maintenance_plan",
    "maintenance.plan": "maintenance_turns",
    "maintenance.plans": "maintenance_load",
    "maintenance.skip": "skip_maintenance_once",
    "maintenance.switch": "pause_maintenance_plan",
    "manager.utilization": "utilization",
    "manager.utilization_file": "utilization",
    "notices.again": "send_notice_again",
    "notices.answered": "answer_customer_request",
    "notices.change_text": "change_notice_text",
    "notices.customer": "notices_of_customer",
    "notices.page": "list_of_notices",
    "notices.text": "one_notice_text",
    "notices.texts": "list_of_notice_texts",
    "notices.revoke_link": "revoke_customer_link",
    "notices.wish": "change_contact_wish",
    "photos.photo": "one_photo",
    "tasks.page": "list_of_tasks",
    "technician.day": "day_of_technician",
    "technician.day_data": "day_of_technician",
    "technician.note": "note_at_stop",
    "technician.part_missing": "part_missing_at_stop",
    "technician.part_used": "part_used_at_stop",
    "technician.photo": "photo_at_stop",
    "technician.report": "report_from_stop",
    "technician.seen": "seen_at_stop",
    "technician.step": "tick_step_at_stop",
    "technician.tell": "report_incident",
    "webhooks.add": "new_webhook",
    "webhooks.again": "try_again",
    "webhooks.page": "list_of_webhooks",
    "webhooks.switch": "switch",
}
"""The operation that does or shows the same, or the first of several."""
NONE = {
    "it shows no more than a form to fill in, or where to go": {
        "accounts.new", "auth.start", "console.edit", "console.new_event", "console.new_job", "maintenance.change_form",
        "maintenance.new",
    },
    "it concerns the browser and its session, which programs have none of": {
        "account.end_other_sessions", "account.end_session", "auth.logout", "console.basemap",
    },
    "a token must not get anybody into the account that it acts for": {
        "account.change_password", "account.confirm_second_factor", "account.offer_second_factor", "account.page",
        "account.remove_second_factor", "account.second_factor", "tokens.make", "tokens.page", "tokens.revoke",
    },
}  # fmt: skip
ADMINS_ALONE = {"accounts.link", "accounts.page"}
"""Managers do it on the page, where somebody sits."""
OPEN = {name for name, roles in MAY_OPEN.items() if "everyone" in roles}
"""For those who are not signed in."""


def operation(app: Flask, name: str) -> str:
    """The endpoint of an operation."""
    found = [one for one in app.view_functions if one.startswith("api_") and one.partition(".")[2] == name]
    assert found, f"there is no operation {name}"
    return found[0]


def test_every_view_has_an_operation_or_a_reason_why_it_has_none():
    """A new view is in neither table until somebody has decided."""
    without = {name for names in NONE.values() for name in names}
    assert without.isdisjoint(SAME)
    assert set(SAME) | without == set(MAY_OPEN) - OPEN


@pytest.mark.parametrize("view", sorted(SAME))
def test_who_does_it_on_a_screen_may_do_it_with_a_program(app: Flask, view: str):
    """The same roles; and dispatchers limited to territories wherever a page lets them."""
    endpoint = operation(app, SAME[view])
    missing = roles_of(app, view) - roles_of(app, endpoint)
    assert missing == ({"manager"} if view in ADMINS_ALONE else set())
    assert is_open_to_limited(app, endpoint) or not is_open_to_limited(app, view)
