"""Every state that a page of the console can be in, for the tests of how it looks."""

from collections.abc import Callable, Iterator
from itertools import count

from playwright.sync_api import Page

from tests.e2e.console import Console
from tests.e2e.console_data import ADMINISTRATOR, OWNER, username

Way = Callable[[Page], object]
"""Brings a page into its state. In no language, as it is taken in each."""

NUMBERS = count()


def visit(path: str, *clicks: str) -> Way:
    """Open the page; then click on these."""

    def went(page: Page) -> None:
        page.goto(f"/console/{path}")
        for each in clicks:
            page.locator(each).first.click()

    return went


def from_another_session(path: str, form: str, **fields: str) -> Way:
    """The same, from a tab that was opened before its user signed in again."""
    return send(path, form, "1", **fields)


def send(path: str, form: str, session: str = "", **fields: str) -> Way:
    """Open the page and send a form of it, filled in so; `session` is that of another tab."""

    def went(page: Page) -> None:
        visit(path)(page)
        sent = page.locator(f"form[action='/console/{form}']")
        if session:
            sent.locator("[name=session]").evaluate("(field, session) => { field.value = session; }", session)
        for name, value in fields.items():
            field = sent.locator(f"[name={name}]")
            field.select_option(value) if name == "expiration" else field.fill(value)
        sent.locator("button[type=submit]").click()

    return went


def make_token(page: Page) -> None:
    """Of a long name that nobody has had."""
    send("tokens/new/", "tokens/new/", name=f"{next(NUMBERS)} 📱 <b>" + "W" * 80, expiration="30d")(page)


def after_a_session(page: Page) -> None:
    """With a cookie of a session that has ended."""
    page.goto("/console/sign-in/")
    page.context.add_cookies([{"name": "gatepass", "value": "x", "url": page.url}])
    page.goto("/console/profile/")
    page.context.clear_cookies()


def choose_tokens(page: Page) -> None:
    """Tick all tokens of a list, those of nasty names among them."""
    page.goto("/console/tokens/?filter=never")
    for box in page.locator("[name=token]").all():
        box.check()
    page.locator("form button.danger").click()


STRANGER: dict[str, Way] = {
    "sign-in": visit("sign-in/"),
    "sign-in, nothing filled in": send("sign-in/", "sign-in/"),
    "sign-in, wrong": send("sign-in/", "sign-in/", username=OWNER, password="wrong"),
    "sign-in, after a session": after_a_session,
    "no page": visit("nothing/"),
}

OWNERS: dict[str, Way] = {
    "profile": visit("profile/"),
    "profile, last tokens": visit("profile/?page=3"),
    "token to rename": visit("profile/?page=2", "a[href*='/rename/']"),
    "activity": visit("activity/"),
    "token to revoke": visit("profile/?page=2", "a[href*='/revoke/']"),
    "token revoked": visit("profile/?page=2", "a[href*='/revoke/']", "main form button"),
    "devices": visit("devices/"),
    "device signed out": visit("devices/?page=2", "#row-3 summary", "#row-3 button"),
}
"""With many tokens and devices, of nasty names."""

OTHERS: dict[str, Way] = {
    "profile, no tokens": visit("profile/"),
    "profile, saved": send("profile/", "profile/", full_name="Ann"),
    "profile, menu": visit("profile/", "details.menu summary"),
    "profile, not an address": send("profile/", "profile/", email="nobody"),
    "password, wrong": send("profile/", "password/", current="wrong", new="a long password", again="a long password"),
    "password, two errors": send("profile/", "password/", new="short"),
    "new token": visit("profile/", "[data-opens]"),
    "new token, two errors": send("tokens/new/", "tokens/new/", expiration="custom", date="2001-01-01"),
    "token made": make_token,
    "profile, of another session": from_another_session("profile/", "profile/", full_name="Ann"),
    "new token, of another session": from_another_session("tokens/new/", "tokens/new/", name="x"),
    "devices, beyond the last": visit("devices/?page=399"),
    "activity, beyond the last": visit("activity/?page=399"),
    "others to sign out": visit("devices/sign-out-others/"),
    "no page": visit("nothing/"),
}
"""With few, so that it does not take long to look at."""

NASTY: dict[str, Way] = {"profile": visit("profile/", "details.menu summary")}

BOSS: dict[str, Way] = {
    "overview": visit("overview/", "details.numbers summary"),
    "tokens": visit("tokens/"),
    "tokens, unused": visit("tokens/?filter=unused"),
    "tokens, expiring": visit("tokens/?filter=expiring"),
    "tokens, none": visit("tokens/?page=399"),
    "tokens to revoke": choose_tokens,
    "overview, 7 days": visit("overview/?range=7d", ".slot:nth-child(9)"),
    "overview, 30 days at one door": visit("overview/?range=30d&door=oauth"),
    "an address to pardon": visit("overview/", "a[href*='/pardon/']"),
    "users": visit("users/?search=a&page=2"),
    "users, newest disabled": visit("users/?filter=disabled&sort=newest"),
    "users, blocked": visit("users/?filter=blocked"),
    "users, by name": visit("users/?search=yilmaz"),
    "users, by a device": visit("users/?search=W"),
    "users of an app": visit("users/?app=MyApp/3.10&search=a"),
    "users of a nasty device": visit("users/?device=%3Cscript%3Ealert(%E2%80%AE1)%3C/script%3E" + "W" * 150),
    "app versions": visit("apps/"),
    "users, none found": visit("users/?search=%C5%9F%27%22%3Cscript%3E" + "W" * 60),
    "a user": visit("users/2/"),
    "a user with a nasty name": visit("users/3/"),
    "what a user did": visit("users/2/activity/"),
    "a user without tokens": visit("users/290/"),
    "oneself": visit("users/1/"),
    "a user to disable": visit("users/3/disable/"),
    "a user to enable": visit("users/2/enable/"),
    "a user to sign out": visit("users/2/revoke-all/"),
    "not allowed": send("users/1/disable/", "users/1/disable/"),
}


def states(console: Console, **wanted: str) -> Iterator[tuple[str, Page]]:
    """Pages of several browsers, `wanted` as in `Pages.new`, one state after another."""
    console.pages.allow(400, 403, 404)
    people = {"": STRANGER, OWNER: OWNERS, username(2): NASTY, username(20): OTHERS, ADMINISTRATOR: BOSS}
    for who, ways in people.items():
        page = console.signed_in(who, **wanted) if who else console.page(**wanted)
        for state, way in ways.items():
            way(page)
            page.wait_for_load_state()
            yield f"{who or 'stranger'}: {state}", page
