"""A form whose session had ended comes back after the sign-in, filled in, to the user who sent it and nobody else."""

import random

import pytest
from werkzeug.test import TestResponse

from tests.conftest import Service, add_user
from tests.doors.console.pages_read import notice, value
from tests.doors.console.signed_in import POSTS, Browser, Scene, enters, goes_to, signed_in, user_id
from v1.doors.console import cookies, kept_forms

PROFILE, SIGN_IN, COOKIE = "/console/profile/", "/console/sign-in/", "gatepass_form"
NEW = "/console/tokens/new/"
AGAIN = "You are signed in again. Nothing was done yet: look at it and send it again."
FIELDS = {"full_name": "Ann <b>\u202e", "email": "ann@example.com", "language": "tr", "time_zone": "Asia/Tokyo"}


def kept(browser: Browser) -> str:
    found = browser.client.get_cookie(COOKIE)
    return found.value if found else ""


def end_session(browser: Browser) -> None:
    browser.service.server.sql("DELETE FROM auth_tokens WHERE kind = 'console'", "gatepass")


def late(browser: Browser, path: str, **fields: str) -> TestResponse:
    """Send a form of a page of `admin` after its session has ended."""
    session = browser.session
    end_session(browser)
    return browser.post(path, **{"session": session, "user": str(user_id(browser.service))} | fields)


def signs_in(browser: Browser, username: str = "admin") -> TestResponse:
    """Sign in there; the page that is come to, and its place."""
    answer = browser.get(browser.sign_in(username).headers["Location"])
    assert answer.status_code == 303
    return answer


def test_a_profile_is_as_it_was_typed_and_saved_only_when_it_is_sent_again(service: Service, browser: Browser) -> None:
    assert goes_to(late(browser, PROFILE, **FIELDS), SIGN_IN, "ended-form")
    said = "Your session has ended. Nothing was done: sign in to come back to your form."
    assert notice(browser.get(SIGN_IN)) == said and kept(browser)
    assert goes_to(signs_in(browser), PROFILE)
    page = browser.get(PROFILE)
    assert notice(page) == AGAIN and "data-mishap" in page.text
    typed = {name: value(page, name) for name in ("full_name", "email", "time_zone")}
    assert typed | {"language": "tr"} == FIELDS
    assert '<option value="tr" selected>' in page.text and '<html lang="en"' in page.text
    assert service.core.tables.profiles.find(user_id(service)).full_name == ""
    assert kept(browser) == "" and value(browser.get(PROFILE), "full_name") == ""
    assert goes_to(browser.post(PROFILE, **FIELDS | {"full_name": "Ann"}), PROFILE, "profile")


def test_a_new_token_is_back_in_its_dialog(browser: Browser) -> None:
    typed = {"name": 'x"y<script>', "expiration": "custom", "date": "2030-01-01"}
    assert goes_to(late(browser, NEW, **typed), SIGN_IN, "ended-form")
    assert goes_to(signs_in(browser), NEW + "#new-token")
    page = browser.get(NEW)
    dialog = page.text.split("<dialog")[1].split("</dialog>")[0]
    assert 'class="notice"' in dialog and page.text.count('class="notice"') == 1 and notice(page) == AGAIN
    assert [value(page, name) for name in ("name", "date")] == [typed["name"], typed["date"]]
    assert '<option value="custom" selected>' in page.text and "<script>" not in dialog


def test_no_password_is_kept(browser: Browser) -> None:
    fields = {"current": "hunter2-current", "new": "hunter2-new-one", "again": "hunter2-new-one", "others": "1"}
    assert goes_to(late(browser, "/console/password/", **fields), SIGN_IN, "ended-form")
    found = cookies.read(browser.service.core, COOKIE, kept(browser))
    assert found == [user_id(browser.service), "/console/password/#your-password", {}]
    assert goes_to(signs_in(browser), "/console/password/#your-password")
    page = browser.get("/console/password/")
    assert notice(page) == AGAIN and [value(page, name) for name in ("current", "new", "again")] == ["", "", ""]
    assert page.text.index('id="your-password"') < page.text.index('class="notice"')


SHOWN_AT = {
    "change_password": "/console/password/#your-password",
    "create_token": NEW + "#new-token",
    "revoke_token": "/console/tokens/{token}/revoke/?page=2",
    "pardon": "/console/overview/pardon/?address=192.0.2.1",
    "sign_device_out": "/console/devices/?page=2",
    "revoke_session": "/console/users/{user}/?page=2",
}
"""Where a form of POSTS is shown again, if not at its own path. Those with a row in a list were on its second page."""


@pytest.mark.parametrize(("name", "path", "fields"), POSTS, ids=lambda each: each if isinstance(each, str) else "")
@pytest.mark.parametrize("how", ["ended", "other session", "no cookie"])
def test_every_form_comes_back_and_nothing_is_done_by_itself(
    seen: Scene, name: str, path: str, fields: dict[str, str], how: str
) -> None:
    browser, state = seen.browser, seen.state
    place = SHOWN_AT.get(name, path).format(**seen.ids)
    more = {"page": "2"} if "page=2" in place else {}
    if name == "sign_out":
        assert goes_to(late(browser, path), SIGN_IN, "ended") and not kept(browser)
        return
    path = path.format(**seen.ids)
    if how == "other session":
        before = state()
        answer = browser.post(path, session="1", user=str(user_id(browser.service)), **fields | more)
        assert goes_to(answer, place, "other-session")
        assert state() == before
    else:
        session = browser.session
        end_session(browser)
        if how == "no cookie":
            browser.client.delete_cookie("gatepass")
        before = state()
        answer = browser.post(path, session=session, user=str(user_id(browser.service)), **fields | more)
        assert goes_to(answer, SIGN_IN, "ended-form")
        assert state() == before
        assert goes_to(signs_in(browser), place)
    page = browser.get(place.partition("#")[0])
    assert page.status_code == 200 and notice(page) and kept(browser) == ""
    assert notice(page) == AGAIN or (how == "other session" and "signed in again after" in notice(page))


def test_nothing_of_it_is_shown_to_another_user(service: Service, browser: Browser) -> None:
    add_user(service.server, "other")
    late(browser, PROFILE, **FIELDS)
    assert enters(browser, browser.sign_in("other"))
    assert kept(browser) == "", "it is not there when its user comes back either"
    page = browser.get(PROFILE)
    assert notice(page) == "" and "Ann" not in page.text and value(page, "full_name") == ""


def test_nor_is_one_that_a_signed_in_users_browser_still_holds(service: Service, browser: Browser) -> None:
    """By way of another tab, which never came to the sign-in page."""
    add_user(service.server, "other")
    late(browser, PROFILE, **FIELDS)
    text, other = kept(browser), signed_in(service, "other")
    other.client.set_cookie(COOKIE, text)
    page = other.get(PROFILE)
    assert notice(page) == "" and "Ann" not in page.text and kept(other) == ""


def test_a_form_of_another_users_page_is_not_kept_for_who_is_signed_in_now(service: Service, browser: Browser) -> None:
    other = str(add_user(service.server, "other"))
    for user in (other, "", "x", "-1", "0x1", "\u0661", "9" * 20, "1 "):
        answer = browser.post(PROFILE, session="x", user=user, **FIELDS)
        assert goes_to(answer, "/console/", "other-session") and kept(browser) == "", user


@pytest.mark.parametrize("user", ["", "x", "-1", "\u0661", "9" * 20])
def test_a_form_that_does_not_say_whose_it_was_is_not_kept(browser: Browser, user: str) -> None:
    assert goes_to(late(browser, PROFILE, user=user, **FIELDS), SIGN_IN, "ended") and kept(browser) == ""


def test_signing_out_drops_it(browser: Browser) -> None:
    late(browser, PROFILE, **FIELDS)
    text = kept(browser)
    browser.sign_in()
    browser.client.set_cookie(COOKIE, text)
    assert goes_to(browser.post("/console/sign-out/"), SIGN_IN, "signed-out") and kept(browser) == ""


def test_who_asks_for_another_page_instead_gets_that_and_the_form_is_dropped(browser: Browser) -> None:
    late(browser, PROFILE, **FIELDS)
    assert enters(browser, browser.sign_in(next="/console/devices/"), "/console/devices/") and kept(browser) == ""


def test_it_is_kept_ten_minutes(browser: Browser) -> None:
    for seconds, place in ((599, PROFILE), (600, "/console/")):
        late(browser, PROFILE, **FIELDS)
        browser.service.clock.now += seconds
        assert goes_to(signs_in(browser), place)
        browser.get(PROFILE)


def test_fields_that_do_not_fit_into_a_cookie_are_left_out_and_the_others_are_back(browser: Browser) -> None:
    name = "".join(map(chr, random.Random(1).sample(range(0x4E00, 0x9FA5), 1500)))
    assert goes_to(late(browser, PROFILE, **FIELDS | {"full_name": name}), SIGN_IN, "ended-form")
    signs_in(browser)
    page = browser.get(PROFILE)
    assert (value(page, "full_name"), value(page, "email")) == ("", FIELDS["email"])


def test_the_longest_fields_that_can_be_saved_fit_and_a_proxys_buffer_of_4_kb_takes_the_answer(
    browser: Browser,
) -> None:
    emoji = "".join(map(chr, random.Random(1).sample(range(0x1F300, 0x1F6FF), 100)))
    email = "".join(random.Random(2).choices("abcdefghijklmnopqrstuvwxyz0123456789", k=242)) + "@example.com"
    answer = late(browser, PROFILE, **FIELDS | {"full_name": emoji, "email": email})
    assert sum(len(name) + len(text) + 4 for name, text in answer.headers) < 3900
    signs_in(browser)
    page = browser.get(PROFILE)
    assert (value(page, "full_name"), value(page, "email")) == (emoji, email)


@pytest.mark.parametrize("text", ["", "x", "a.b", "%00", "x" * 4000, ".eJw.x"])
def test_a_forged_one_is_dropped_without_a_word(browser: Browser, text: str) -> None:
    headers = {"Cookie": f"gatepass={browser.token}; {COOKIE}={text}"}
    page = browser.service.app.test_client(use_cookies=False).get(PROFILE, headers=headers)
    assert (page.status_code, notice(page)) == (200, "")
    assert [each.partition(";")[0] for each in page.headers.getlist("Set-Cookie")] == ([f"{COOKIE}="] if text else [])
    core = browser.service.core
    other_use = cookies.sign(core, "gatepass_notice", [user_id(browser.service), PROFILE, FIELDS], 60)
    browser.client.set_cookie(COOKIE, other_use)
    assert "Ann" not in browser.get(PROFILE).text and kept(browser) == ""


HOSTILE = ["/console/tokens/%0d%0aX:y/revoke/", "/console/users/..%5c/disable/"]
HOSTILE += ["/console/users/%3Cscript%3E/sessions/1/revoke/", f"/console/users/{'1' * 200}/disable/"]


@pytest.mark.parametrize("path", HOSTILE)
def test_a_path_that_no_page_of_ours_has_is_not_come_back_to(browser: Browser, path: str) -> None:
    answer = late(browser, path)
    assert kept(browser) == "" and answer.status_code in (303, 404)
    assert answer.headers.get("Location", SIGN_IN) == SIGN_IN


def test_a_page_that_failed_leaves_it_for_the_next_try(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    late(browser, PROFILE, **FIELDS)
    signs_in(browser)
    with monkeypatch.context() as patched:
        patched.setattr("v1.doors.console.profile.page", lambda *given, **more: 1 / 0)
        assert browser.get(PROFILE).status_code == 500
    assert value(browser.get(PROFILE), "email") == FIELDS["email"]


def test_whose_page_it_was_stands_in_every_form(seen: Scene) -> None:
    user = user_id(seen.browser.service)
    for path in (PROFILE, "/console/devices/", f"/console/users/{seen.ids['user']}/"):
        text = seen.browser.get(path).text
        forms = text.count('<form method="post"')
        assert forms > 1 and text.count(f'<input type="hidden" name="user" value="{user}">') == forms


def test_the_names_in_its_tables_are_forms() -> None:
    names = {name for name, _, _ in POSTS} | {"sign_in"}
    tables = (kept_forms.FIELDS, kept_forms.PLACES, kept_forms.WITH_QUERY, kept_forms.ABOUT, kept_forms.NEVER)
    assert {name for table in tables for name in table} <= names
