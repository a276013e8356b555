"""Notices: shown once, on the page that a redirect leads to, to the user whom they are for, and forged by nobody."""

import pytest
from flask import Response

from tests.conftest import Service, add_user
from tests.doors.console.pages_read import notice
from tests.doors.console.signed_in import Browser, goes_to, signed_in, visitor, with_notice
from tests.doors.contract import MakeService
from v1.doors.console import cookies, notices, wording

PROFILE, SIGN_IN, COOKIE = "/console/profile/", "/console/sign-in/", "gatepass_notice"
GONE = f"{COOKIE}=; Expires=Tue, 14 Nov 2023 22:13:20 GMT; Max-Age=0; HttpOnly; Path=/; SameSite=Lax"
SAVED = "Your profile was saved."


def kept(browser: Browser) -> str:
    """The notice's cookie in the browser; "" for none."""
    found = browser.client.get_cookie(COOKIE)
    return found.value if found else ""


def test_a_notice_is_shown_once_and_leaves_the_browser(browser: Browser) -> None:
    assert goes_to(browser.post(PROFILE, full_name="Ann"), PROFILE, "profile")
    assert kept(browser)
    page = browser.get(PROFILE)
    assert notice(page) == SAVED and "data-mishap" not in page.text
    assert page.headers.getlist("Set-Cookie") == [GONE]
    again = browser.get(PROFILE)
    assert (kept(browser), notice(again), again.headers.getlist("Set-Cookie")) == ("", "", [])


def test_a_redirect_on_the_way_passes_it_on(browser: Browser) -> None:
    assert goes_to(browser.post(PROFILE, session="x"), "/console/", "other-session")
    assert goes_to(browser.get("/console/"), PROFILE)
    page = browser.get(PROFILE)
    assert notice(page).startswith("You signed in again after") and "data-mishap" in page.text


@pytest.mark.parametrize("query", ["done=profile", "done=ended", "notice=profile", "gatepass_notice=profile"])
def test_a_link_says_nothing(browser: Browser, query: str) -> None:
    for each, path in ((browser, PROFILE), (visitor(browser.service), SIGN_IN)):
        page = each.get(f"{path}?{query}")
        assert (page.status_code, notice(page)) == (200, "")
    assert goes_to(browser.get(f"/console/?{query}"), PROFILE)


FORGED = ["profile", "x" * 4000, "a.b.c", ".", "..", "=", "%00", "\xff", ".eJw", "W10.x", "W10", "null"]


@pytest.mark.parametrize("text", FORGED, ids=ascii)
def test_a_cookie_that_nobody_signed_says_nothing_and_is_no_error(browser: Browser, text: str) -> None:
    headers = {"Cookie": f"gatepass={browser.token}; {COOKIE}={text}"}
    page = browser.service.app.test_client(use_cookies=False).get(PROFILE, headers=headers)
    assert (page.status_code, notice(page)) == (200, "")
    assert page.headers["Set-Cookie"] == GONE


def test_nor_does_one_that_was_changed_is_too_old_or_is_of_another_use_or_key(
    browser: Browser, make_service: MakeService
) -> None:
    core, value = browser.service.core, [1, "profile", {}, ""]
    good, old = (cookies.sign(core, COOKIE, value, seconds) for seconds in (60, 0))
    changed = [good[:place] + "!" + good[place + 1 :] for place in range(len(good))]
    other_key = make_service(TOKEN_KEYS="0123456789-another-key-of-the-tests-0123456789").core
    others = (cookies.sign(core, "another use", value, 60), cookies.sign(other_key, COOKIE, value, 60))
    for text in (*changed, old, *others):
        assert cookies.read(core, COOKIE, text) is None, text
    assert cookies.read(core, COOKIE, good) == value


def test_it_lasts_a_minute(browser: Browser) -> None:
    for seconds, said in ((59, SAVED), (60, "")):
        browser.post(PROFILE, full_name="Ann")
        browser.service.clock.now += seconds
        assert notice(browser.get(PROFILE)) == said


def test_every_one_of_the_keys_is_good_so_that_keys_can_be_changed(make_service: MakeService) -> None:
    old, new = (f"{each}-key-of-the-tests-0123456789-0123456789" for each in ("old", "new"))
    before, during, after = (make_service(TOKEN_KEYS=keys).core for keys in (old, f"{new},{old}", new))
    for signs, reads in ((before, during), (during, after)):
        assert cookies.read(reads, COOKIE, cookies.sign(signs, COOKIE, "x", 60)) == "x"
    assert cookies.read(after, COOKIE, cookies.sign(before, COOKIE, "x", 60)) is None


def test_one_of_another_user_is_not_shown(service: Service, browser: Browser) -> None:
    add_user(service.server, "other")
    page = with_notice(browser, "password-others", username="other")
    assert (page.status_code, notice(page), kept(browser)) == (200, "", "")
    assert notice(with_notice(visitor(service), "ended", SIGN_IN, username="other")) == ""
    assert notice(with_notice(signed_in(service, "other"), "signed-out", username="")) == ""


def test_a_page_without_its_user_leaves_it_for_the_next(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database was down for a moment."""
    browser.post(PROFILE, full_name="Ann")
    with monkeypatch.context() as patched:
        patched.setattr("v1.db.tables.profiles.Profiles.find", lambda *given: 1 / 0)
        page = browser.get(PROFILE)
    assert (page.status_code, notice(page)) == (500, "") and kept(browser)
    assert notice(browser.get(PROFILE)) == SAVED


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Notices with numbers and names, as pages of administrators have."""
    one = wording.Plural("%(count)s token of %(name)s was revoked.", "%(count)s tokens of %(name)s were revoked.")
    two = wording.Plural("%(others)s other.", "%(others)s others.", "others")
    texts = wording.NOTICES | {"named": "%(name)s, 100%% sure.", "counted": one, "both": (one, two)}
    monkeypatch.setattr(wording, "NOTICES", texts)


@pytest.mark.usefixtures("counted")
def test_a_notice_has_numbers_and_names_in_its_text(browser: Browser) -> None:
    for count, said in ((0, "0 tokens of Eve were"), (1, "1 token of Eve was"), (1234, "1,234 tokens of Eve were")):
        assert notice(with_notice(browser, "counted", count=count, name="Eve")) == f"{said} revoked."
    page = with_notice(browser, "both", count=1, others=2, name="Eve")
    assert notice(page) == "1 token of Eve was revoked. 2 others."


@pytest.mark.usefixtures("counted")
@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "\u202eevil", "%(count)s %s 100%", "W" * 1000, "&amp;"])
def test_a_hostile_name_in_it_is_text_of_its_own_direction(browser: Browser, name: str) -> None:
    page = with_notice(browser, "named", name=name)
    assert notice(page) == f"{name}, 100% sure." and "<script>alert" not in page.text
    assert '<bdi class="clip">' in page.text


def test_it_stands_in_the_section_that_the_redirect_leads_to(browser: Browser) -> None:
    for at, inside in (("tokens", True), ("", False), ("nowhere", False)):
        page = with_notice(browser, "token-revoked", at=at)
        assert notice(page) and page.text.count('role="status"') == 1
        assert (page.text.index('<section class="card" id="tokens"') < page.text.index('role="status"')) is inside


def test_a_notice_that_does_not_exist_fails_where_it_is_written(service: Service) -> None:
    with service.app.test_request_context("/console/"), pytest.raises(KeyError):
        notices.keep(Response(), "nothing", {}, "", 0)
