"""Which language a page of the console is in, and that nothing on a Turkish one is English."""

import re
from functools import cache

from babel.messages.pofile import read_po
from flask_babel import force_locale

from tests.architecture.template_texts import shown
from tests.conftest import ROOT, Service, add_user
from tests.doors.console import signed_in
from v1.doors.console import times, wording

CHOICES = {
    **{"tr": "tr", "tr-TR": "tr", "TR": "tr", "de-DE, tr;q=0.9, en;q=0.8": "tr", "tr;q=0.2, en;q=0.1": "tr"},
    **{"en": "en", "en-GB": "en", "en, tr;q=0.9": "en", "de": "en", "": "en", "tr;q=0": "en"},
}
"""What a browser asks for, and what it gets."""

GARBAGE = ("*", ";", ",,,", "xx", "tr;q=x", "q=1", "en-", "-", "\xff\xfe", "tr" * 4000, "a," * 2000, "tr_TR.UTF-8")

SAME = "%(act)s: %(device)s"
"""The one text that is the same in both languages."""


def language(text: str) -> str:
    (found,) = re.findall(r'<html lang="([^"]*)"', text)
    return str(found)


def english(text: str) -> list[str]:
    """The texts of a page that are English, or have an English phrase in them."""
    whole, phrase = _patterns()
    return [each for each in shown(text) if whole.fullmatch(each) or phrase.search(each)]


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Any text of the catalogue in English; any of three words or more."""
    with (ROOT / "v1/doors/console/translations/tr/LC_MESSAGES/messages.po").open("rb") as file:
        known = [str(each.id) for each in read_po(file, locale="tr") if each.id and each.id != SAME]
    texts = [re.sub(r"%\\\(\w+\\\)s", ".+", re.escape(each)) for each in known]
    phrases = [re.escape(each) for each in known if len(each.split()) > 2 and "%" not in each]
    return re.compile("|".join(texts)), re.compile("|".join(phrases))


def test_before_sign_in_the_browser_chooses(service: Service) -> None:
    for accepted, expected in CHOICES.items():
        answer = service.client.get("/console/sign-in/", headers={"Accept-Language": accepted})
        assert answer.status_code == 200 and language(answer.text) == expected, accepted
        words = {"tr": {"Oturum aç", "Parola"}, "en": {"Sign in", "Password"}}[expected]
        assert words <= set(shown(answer.text)), accepted
    assert language(service.client.get("/console/sign-in/").text) == "en"


def test_an_accept_language_that_is_none_is_as_good_as_any(service: Service) -> None:
    for accepted in GARBAGE:
        for path, status in (("/console/sign-in/", 200), ("/console/x/", 404)):
            answer = service.client.get(path, headers={"Accept-Language": accepted})
            assert answer.status_code == status and language(answer.text) in ("en", "tr"), accepted


def test_an_accept_language_that_is_no_browsers_is_not_read(service: Service) -> None:
    """Reading a long one is slow: 32 KB take 45 ms."""
    for number, said in ((10, "tr"), (100, "en")):
        accepted = {"Accept-Language": ",".join(["tr;q=0.9"] * number)}
        assert language(service.client.get("/console/sign-in/", headers=accepted).text) == said


def test_after_sign_in_the_profile_chooses_and_until_sign_out(service: Service) -> None:
    browser = signed_in.signed_in(service)
    for chosen, other in (("tr", "en"), ("en", "tr"), ("tr", "en")):
        browser.post("/console/profile/", full_name="", email="", language=chosen)
        for path in ("/console/profile/", "/console/x/", "/console/users/"):  # the last two are not there for them
            assert language(browser.get(path, Accept_Language=other).text) == chosen
    service.server.sql("DELETE FROM auth_tokens", "gatepass")  # the session ends, and the browser still knows
    assert language(browser.get("/console/sign-in/", Accept_Language="en").text) == "tr"
    assert browser.sign_in().status_code == 303
    assert browser.post("/console/sign-out/").status_code == 303
    assert language(browser.get("/console/sign-in/", Accept_Language="en").text) == "en"
    assert browser.sign_in().status_code == 303  # in a browser that knew nothing of the profile
    assert language(browser.get("/console/profile/", Accept_Language="en").text) == "tr"


def test_a_cookie_that_names_no_language_chooses_none(service: Service) -> None:
    for cookie in ("xx", "../tr", "", "%00", "en-GB", "EN"):
        headers = {"Cookie": f"gatepass_language={cookie}", "Accept-Language": "tr"}
        assert language(service.client.get("/console/sign-in/", headers=headers).text) == "tr", cookie


def test_a_wrong_sign_in_is_refused_in_turkish(service: Service) -> None:
    headers = {"Accept-Language": "tr", **signed_in.SAME_ORIGIN}
    wrong = {"username": "admin", "password": "wrong"}
    answer = service.client.post("/console/sign-in/", data=wrong, headers=headers)
    assert answer.status_code == 403 and "Kullanıcı adı veya parola yanlış." in shown(answer.text)
    answer = service.client.post("/console/sign-in/", data={"username": "admin"}, headers=headers)
    assert answer.status_code == 400 and "Parolanızı girin." in shown(answer.text)


def test_dates_and_numbers_are_as_the_language_writes_them(service: Service) -> None:
    browser = signed_in.signed_in(service)
    texts = shown(browser.get("/console/devices/", Accept_Language="tr").text)
    assert {"14 Kas 2023", "(14 Kasım 2023, 22:13:20 UTC)"} <= set(texts)
    texts = shown(browser.get("/console/devices/", Accept_Language="en").text)
    assert {"14 Nov 2023", "(14 November 2023, 22:13:20 UTC)"} <= set(texts)
    with service.app.test_request_context("/console/"), force_locale("tr"):
        assert wording.number(1_234_567) == "1.234.567" and times.short_day(1_700_000_000) == "14 Kas"


WEAK = ("12345670", "12345678", "admin2026", "gatepass")


def test_no_page_says_anything_in_english_to_who_chose_turkish(service: Service) -> None:
    browser = signed_in.administrator(service)
    assert english(browser.get("/console/profile/").text) and english(browser.get("/console/overview/").text)
    browser.post("/console/profile/", full_name="", email="", language="tr")
    answers = [browser.post("/console/tokens/new/", name=each, expiration="never", date="") for each in ("x", "y")]
    answers += [browser.post("/console/tokens/new/", name="x", expiration="custom", date="2001-01-01")]
    answers += [browser.post("/console/profile/", full_name="x" * 101, email="x", language="xx")]
    answers += [browser.post("/console/password/", current="", new="x", again="y")]
    answers += [browser.post("/console/password/", current="wrong", new=each, again=each) for each in WEAK]
    ids = {"user": add_user(service.server, "somebody"), "token": signed_in.tokens_of(service, "personal")[0]}
    paths = [path.format(**ids) for _, path in signed_in.PAGES] + ["/console/users/0/", "/console/users/?page=x"]
    paths += [f"/console/users/{ids['user']}/{act}/" for act in ("enable", "revoke-all")] + ["/console/users/?search=x"]
    answers += [signed_in.with_notice(browser, done) for done in wording.NOTICES]
    for answer in answers + [browser.get(path) for path in paths if path != "/console/"]:
        assert language(answer.text) == "tr" and len(shown(answer.text)) > 10
        assert english(answer.text) == []
