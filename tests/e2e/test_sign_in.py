"""Everyone signs in at one place and lands where their work is."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import PHONE, sign_in

FACES = {"dispatcher": "/console", "technician": "/phone", "manager": "/manager", "admin": "/console"}


@pytest.mark.parametrize("role", FACES)
def test_each_role_lands_on_its_own_page(open_page, role):
    """By the demo's buttons, which sign in as the form does."""
    page = open_page()
    page.goto("/login")
    page.get_by_role("button", name=role.capitalize()).first.click()
    expect(page).to_have_url(re.compile(f"{FACES[role]}$"))


def test_a_person_types_their_address_and_password(open_page):
    """The form works, not only the buttons of the demo."""
    page = open_page()
    page.goto("/login")
    demo = page.locator("form").filter(has=page.get_by_role("button", name="Manager"))
    email = demo.locator("[name=email]").input_value()
    password = demo.locator("[name=password]").input_value()
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).to_have_url(re.compile("/manager$"))


def test_a_wrong_password_is_refused_in_words(open_page):
    page = open_page(watched=False)
    page.goto("/login")
    page.get_by_label("E-mail address").fill("nobody@example.org")
    page.get_by_label("Password").fill("not the password")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("do not belong together")


def test_a_page_asked_for_before_signing_in_comes_after_it(open_page):
    page = open_page(PHONE)
    page.goto("/phone")
    expect(page).to_have_url(re.compile("/login"))
    page.get_by_role("button", name="Technician").first.click()
    expect(page).to_have_url(re.compile("/phone$"))


def test_a_technician_does_not_see_the_board(open_page):
    page = sign_in(open_page(watched=False), "technician", "/account")
    answer = page.goto("/console")
    assert answer
    assert answer.status == 403


def test_signing_out_ends_the_session(manager):
    manager.get_by_role("button", name="Sign out").click()
    expect(manager).to_have_url(re.compile("/login"))
    manager.goto("/manager")
    expect(manager).to_have_url(re.compile("/login"))
