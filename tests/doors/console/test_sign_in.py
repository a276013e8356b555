"""How somebody comes to the sign-in page and from there to the page they wanted, and to no other place."""

import re
from html import unescape

import pytest

from tests.auth.guessing import limited
from tests.conftest import Service
from tests.doors.console.pages_read import beside, notice, tag, value
from tests.doors.console.signed_in import enters, goes_to, is_sign_in, signed_in, visitor
from tests.doors.contract import MakeService
from v1.doors.console import cookies, pages
from v1.errors import DatabaseDown

PROFILE, SIGN_IN = "/console/profile/", "/console/sign-in/"


SEARCH = "?search=%C5%9Fule+%26+%3Cb%3E%2F%2Fevil&page=2"
QUERIES = {"": "", "?": "", "?page=2": "?page=2", SEARCH: SEARCH}
QUERIES |= {"?x=\xff": "", "?x=\u2028": "", "?x=//evil.example": ""}
QUERIES |= {"?search=" + "x" * 592: "?search=" + "x" * 592, "?search=" + "x" * 594: "", "?x='\"><script>": ""}


@pytest.mark.parametrize("path", [PROFILE, "/console/devices", "/console/tokens/7/revoke/", "/console/users/"])
@pytest.mark.parametrize(("query", "kept"), QUERIES.items(), ids=ascii)
def test_who_is_not_signed_in_comes_back_to_the_page_they_asked_for(
    service: Service, path: str, query: str, kept: str
) -> None:
    browser = visitor(service)
    answer = browser.get(path + query)
    assert is_sign_in(answer) and answer.headers["Location"].startswith(SIGN_IN + "?next=%2Fconsole%2F")
    form = browser.get(answer.headers["Location"])
    assert value(form, "username") == "" and notice(form) == ""
    wanted = re.search('name="next" value="([^"]*)"', form.text)
    assert wanted and unescape(wanted[1]) == path + kept
    assert enters(browser, browser.sign_in(next=unescape(wanted[1])), path + kept)


def test_the_console_itself_and_a_form_that_came_too_late_are_not_asked_for_again(service: Service) -> None:
    browser = visitor(service)
    assert goes_to(browser.get("/console"), SIGN_IN) and goes_to(browser.get("/console/"), SIGN_IN)
    assert goes_to(browser.post(PROFILE), SIGN_IN)
    browser.client.set_cookie("gatepass", "x")
    assert goes_to(browser.post(PROFILE), SIGN_IN, "ended")
    assert notice(browser.get(SIGN_IN)) == "Your session has ended. Please sign in again."


FOREIGN = ["//evil.example", "https://evil.example", "https:/console/", "/\\evil.example", "\\\\evil.example"]
FOREIGN += ["javascript:x", "/console/../v1/", "/console/./x", "/console/%2e%2e/", "/console\\..\\x", "/consolex"]
FOREIGN += ["/console/?x=\r\nX: y", "/console/#//evil", "/console/?//evil", "/console/?x=\\evil"]
FOREIGN += ["/console/\r\nX: y", "/console/x y", "/console/\u0131"]
FOREIGN += [" /console/", "/console/\n", "/console/@evil", "/console/:80", "/CONSOLE/profile"]
FOREIGN += ["/v1/verify/", "/console/" + "a" * 101, "%2Fconsole%2F", "/console/\0", "///console/"]
FOREIGN += ["/console/?x=http://evil", "/console/?x=y\n", "/console/?" + "x" * 601, "/console/?x=\u0131"]
FOREIGN += ["/\t/evil.example"]
FOREIGN += ["/console/profile/;x", "http://localhost/console/", "x" * 9000]


@pytest.mark.parametrize("wanted", ["", *FOREIGN], ids=ascii)
def test_no_other_place_is_gone_to_after_signing_in(service: Service, wanted: str) -> None:
    browser = visitor(service)
    assert enters(browser, browser.sign_in(next=wanted))
    assert goes_to(signed_in(service).client.get(SIGN_IN, query_string={"next": wanted}), "/console/")


def test_what_is_asked_for_is_shown_as_text_in_the_form_and_kept_when_the_password_is_wrong(service: Service) -> None:
    wanted = '"><script>alert(1)</script>'
    page = visitor(service).client.get(SIGN_IN, query_string={"next": wanted})
    again = visitor(service).sign_in(password="wrong", next=wanted)
    for answer in (page, again):
        assert "<script>alert" not in answer.text
        assert 'value="&#34;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"' in answer.text


def test_a_browser_that_kept_no_cookie_is_told_so_and_comes_to_its_page_once_it_keeps_them(service: Service) -> None:
    place = visitor(service).sign_in(next=PROFILE).headers["Location"]
    page = visitor(service).get(place)
    assert page.status_code == 200 and notice(page).startswith("Your browser did not keep the cookie.")
    assert f'name="next" value="{PROFILE}"' in page.text and "Set-Cookie" not in page.headers


@pytest.mark.parametrize("change", ["", "x", "one letter", "another address", "a minute later", "another use"])
def test_no_link_makes_a_page_say_that_cookies_are_not_kept(service: Service, change: str) -> None:
    place = visitor(service).sign_in().headers["Location"]
    if change == "a minute later":
        service.clock.now += 60
    elif change == "one letter":
        place = place[:-2] + ("A" if place[-2] != "A" else "B") + place[-1]
    elif change == "another use":
        place = SIGN_IN + "?signed=" + cookies.sign(service.core, "gatepass_notice", "/console/", 60)
    elif change in ("", "x"):
        place = SIGN_IN + "?signed=" + change
    elsewhere = {"REMOTE_ADDR": "192.0.2.1"} if change == "another address" else {}
    page = visitor(service).client.get(place, environ_overrides=elsewhere)
    assert (page.status_code, notice(page)) == (200, "")


def test_a_field_that_is_left_out_is_told_beside_it_and_no_guess(service: Service) -> None:
    browser = visitor(service)
    none = browser.sign_in("", "")
    assert (beside(none, "username"), beside(none, "password")) == ("Enter your username.", "Enter your password.")
    half = browser.sign_in("admin", "")
    assert (half.status_code, value(half, "username"), beside(half, "username")) == (400, "admin", "")
    assert beside(half, "password") and "value" not in tag(half, "password").replace('value=""', "")
    service.core.write_behind.write()
    assert service.server.sql("SELECT COUNT(*) FROM login_stats", "gatepass") == "0\n"


@pytest.mark.parametrize("name", ['"><script>', "Zo\u00eb 📱", "\u202egnp", "a\0b", "x" * 3000, "e\u0301", " admin"])
def test_the_name_is_shown_again_as_it_was_typed_and_the_password_is_not(service: Service, name: str) -> None:
    answer = visitor(service).sign_in(name, "hunter2-wrong")
    assert answer.status_code == 403 and value(answer, "username") == name
    assert "<script>" not in answer.text and "hunter2" not in answer.text
    assert "The username or the password is wrong." in answer.text


def test_who_must_wait_is_told_so_and_for_how_long(make_service: MakeService) -> None:
    service = limited(make_service, THROTTLE_PAIR="2")
    browser = visitor(service)
    assert [browser.sign_in(password="wrong").status_code for _ in range(3)] == [403] * 3
    answer = browser.sign_in()
    assert (answer.status_code, answer.headers["Retry-After"], browser.token) == (429, "1", "")
    assert "Too many tries. Please try again in 1 second." in answer.text
    service.clock.now += 1
    assert browser.sign_in().status_code == 303


@pytest.mark.parametrize("lost", ["v1.db.tables.profiles.Profiles.find", "v1.db.tables.tokens.Tokens.find"])
def test_a_session_that_was_made_is_not_lost_with_what_comes_after_it(
    service: Service, monkeypatch: pytest.MonkeyPatch, lost: str
) -> None:
    """Without the cookie its row would stay, and one more with every try."""

    def gone(*_: object) -> None:
        raise DatabaseDown(2013, "gone")

    browser = signed_in(service)
    with monkeypatch.context() as patched:
        patched.setattr(lost, gone)
        answer = browser.sign_in()
    assert enters(browser, answer)
    assert browser.get(PROFILE).status_code == 200


def test_the_language_of_the_form_is_chosen_on_it_and_kept_until_a_profile_has_another(service: Service) -> None:
    browser = visitor(service)
    turkish = browser.get(SIGN_IN + "?language=tr&next=/console/devices/", Accept_Language="en")
    assert '<html lang="tr" dir="ltr">' in turkish.text and value(turkish, "username") == ""
    assert f'href="{SIGN_IN}?language=en&amp;next=/console/devices/"' in turkish.text
    assert '<html lang="tr"' in browser.get(SIGN_IN, Accept_Language="en").text
    for other in ("xx", "", "<script>", "TR", "x" * 5000):
        answer = browser.client.get(SIGN_IN, query_string={"language": other})
        assert '<html lang="tr"' in answer.text and "Set-Cookie" not in answer.headers
    browser.sign_in()
    assert '<html lang="en"' in browser.get(PROFILE, Accept_Language="en").text


def test_who_is_to_be_asked_is_a_setting(service: Service, make_service: MakeService) -> None:
    assert "Forgotten it? Ask the administrator of this service." in visitor(service).get(SIGN_IN).text
    named = visitor(make_service(CONSOLE_CONTACT="<the> help desk, +90 212"))
    assert "Forgotten it? Ask &lt;the&gt; help desk, +90 212." in named.get(SIGN_IN).text
    assert "Ask &lt;the&gt; help desk" in named.sign_in("nobody", "wrong").text


def test_the_focus_is_on_the_first_thing_to_do(service: Service) -> None:
    browser = visitor(service)
    assert "autofocus" in tag(browser.get(SIGN_IN), "username")
    again = browser.sign_in(password="wrong")
    assert "autofocus" in tag(again, "password") and "autofocus" not in tag(again, "username")
    half = browser.sign_in(password="")
    assert "autofocus" in tag(half, "password") and half.text.count("autofocus") == 1


def test_a_language_that_runs_from_right_to_left_turns_the_page(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(pages.LANGUAGES, "ar", "العربية")  # type: ignore[misc]
    assert '<html lang="ar" dir="rtl">' in visitor(service).get(SIGN_IN + "?language=ar").text
