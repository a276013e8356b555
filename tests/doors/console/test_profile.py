"""My Profile: what people may say of themselves, kept and shown as it was typed, and in their language."""

import pytest

from tests.conftest import Service, add_user
from tests.doors.console.pages_read import beside, heading, notice, tag, value
from tests.doors.console.signed_in import Browser, goes_to, signed_in, user_id

PATH, SAVED = "/console/profile/", ("/console/profile/", "profile")
NAMES = [
    *("", "x" * 100, "📱" * 100, "<script>alert(1)</script>", "O'Hara \"Zoë\" \\ 100% {{ 7*7 }} &amp;"),
    *("İbrahim Şağçöü ı", "עברית (x) العربية", "e\u0301" * 50, "山田 太郎"),
    *("👩\u200d💻", "می\u200cخواهم", "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"),
    *("a\u00a0b", "-1", "NULL", "🇹🇷"),
]
CONTROL = ["a\nb", "a\r\nb", "a\tb", "a\0b", "\x1b[0m", "\x7f", "a\x85b", "a\u202eb"]
CONTROL += ["\u2066x", "a\u2028b", "\ufeffx", "\ue000"]


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_a_name_of_any_script_is_kept_and_shown_as_it_was_typed(service: Service, browser: Browser, name: str) -> None:
    assert goes_to(browser.post(PATH, full_name=name, email="", language=""), *SAVED)
    page = browser.get(SAVED[0])
    assert (value(page, "full_name"), notice(page)) == (name, "Your profile was saved.")
    assert "<script>alert" not in page.text and "49" not in value(page, "full_name")
    assert service.core.tables.profiles.find(user_id(service)).full_name == name


@pytest.mark.parametrize("name", ["x" * 101, "📱" * 101, "e\u0301" * 50 + "x", *CONTROL], ids=ascii)
def test_a_name_too_long_or_with_control_characters_is_told_beside_the_field(browser: Browser, name: str) -> None:
    answer = browser.post(PATH, full_name=name, email="a@b.example", language="tr")
    assert (answer.status_code, heading(answer)) == (400, "My Profile")
    assert beside(answer, "full_name") == "At most 100 characters, without control characters."
    assert (beside(answer, "email"), value(answer, "email")) == ("", "a@b.example"), "what was typed is kept"
    assert '<option value="tr" selected>' in answer.text and "<title>Error: My Profile" in answer.text
    assert browser.service.server.sql("SELECT COUNT(*) FROM profiles", "gatepass") == "0\n"


EMAILS = ["", "a@b", "ann@example.org", "ann+gatepass@sub.example.co.uk", '"a"@b.example', "üñï@çödé.example", "山@例.jp"]
EMAILS += ["a" * 242 + "@example.org", "o'hara@example.org", "a@[127]", "<b>@x.example", "a@b.c.d.e"]
NO_EMAILS = ["a", "@", "a@", "@b", "a@@b", "a@b@c", "a b@c", "a@b c", "a@b.", "a@b..c", "a" * 243 + "@example.org"]
NO_EMAILS += ["a@.b", "a@b\nBcc: x@y", "a@b\0", "a\t@b", "a@b\u202e", "a@" + "." * 200, "a" * 5000]


@pytest.mark.parametrize("email", EMAILS, ids=ascii)
def test_what_may_be_an_address_is_kept(browser: Browser, email: str) -> None:
    assert goes_to(browser.post(PATH, full_name="", email=f" {email} ", language=""), *SAVED)
    assert value(browser.get(PATH), "email") == email


@pytest.mark.parametrize("email", NO_EMAILS, ids=ascii)
def test_what_can_be_none_is_told_beside_the_field(browser: Browser, email: str) -> None:
    browser.post(PATH, full_name="Ann", email="ann@example.org", language="")
    answer = browser.post(PATH, full_name="Eve", email=email, language="")
    assert answer.status_code == 400
    assert beside(answer, "email") == "This is no email address: name@example.org"
    assert "autofocus" in tag(answer, "email") and "autofocus" not in tag(answer, "full_name")
    kept = browser.get(PATH)
    assert (value(kept, "full_name"), value(kept, "email")) == ("Ann", "ann@example.org")
    assert "Eve" not in kept.text


@pytest.mark.parametrize("language", ["de", "EN", "en ; tr", "../../etc/passwd", "x" * 17, "<b>", "tr\0", "Türkçe"])
def test_an_unknown_language_is_refused(service: Service, browser: Browser, language: str) -> None:
    answer = browser.post(PATH, full_name="", email="", language=language)
    assert (answer.status_code, beside(answer, "language")) == (400, "Choose one of the list.")
    assert service.server.sql("SELECT COUNT(*) FROM profiles", "gatepass") == "0\n"
    assert "Set-Cookie" not in answer.headers


def test_the_language_that_is_chosen_is_spoken_from_the_next_page_on(browser: Browser) -> None:
    for language, spoken in (("tr", "tr"), ("en", "en"), ("", "en")):
        browser.post(PATH, full_name="", email="", language=language)
        page = browser.get(PATH, Accept_Language="de")
        assert f'<html lang="{spoken}"' in page.text
        assert f'<option value="{language}" selected>' in page.text
    assert '<html lang="tr"' in browser.get(PATH, Accept_Language="tr").text, "as the browser has it"


def test_every_field_that_is_left_out_is_empty_and_the_username_is_nobodys_to_change(service: Service) -> None:
    add_user(service.server, "other")
    browser = signed_in(service)
    browser.post(PATH, full_name="Ann", email="ann@example.org", language="tr")
    fields = {"username": "other", "user_id": str(user_id(service, "other")), "is_admin": "1", "full_name": "Eve"}
    assert goes_to(browser.post(PATH, **fields), *SAVED)
    profiles = service.server.sql("SELECT * FROM profiles", "gatepass").split("\t")
    assert profiles == [str(user_id(service)), "Eve", "", "", "\n"]
    users = service.server.sql("SELECT username, is_admin FROM users ORDER BY id", "gatepass").split()
    assert users == ["admin", "0", "other", "0"]
    assert 'name="username"' not in browser.get(PATH).text.split("</form>")[1]


def test_the_name_is_what_the_menu_calls_somebody_and_else_it_is_the_username(browser: Browser) -> None:
    assert 'aria-label="Menu of admin"' in browser.get(PATH).text
    browser.post(PATH, full_name='"><script>', email="", language="")
    text = browser.get("/console/devices/").text
    assert 'aria-label="Menu of &#34;&gt;&lt;script&gt;"' in text and "<bdi>&#34;&gt;&lt;script&gt;</bdi>" in text
