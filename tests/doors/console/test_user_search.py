"""One field finds users in every way: by id, username, name, email, address and device; and says why."""

import pytest

from tests.conftest import NOW, Service, add_user
from tests.doors.console.pages_read import rows, value
from tests.doors.console.signed_in import Browser, administrator
from tests.e2e.nasty_texts import NASTY
from v1.records import Client, Principal, Profile
from v1.tokens import issue

PATH = "/console/users/"
PROFILES = {
    "ay": Profile("Ayşe Yılmaz", "Ayse.Yilmaz@Example.com"),
    "cem": Profile("Cem Çağlayan Yilmaz", "cem@mail.example.org"),
    "ines": Profile("100% \\ İnes O'Brien_", ""),
}
SESSIONS = {
    "ann": ("iPhone 15 Pro", "198.51.100.3"),
    "ben": ("iPhone 15", "2001:db8::7"),
    "100%": ("100% <b>phone</b>", ""),
}


@pytest.fixture
def browser(service: Service) -> Browser:
    browser = administrator(service)
    for name in ("ann", "Anna", "100%", "jürgen", "ben", *PROFILES):
        user = add_user(service.server, name)
        if name in PROFILES:
            service.core.tables.profiles.save(user, PROFILES[name])
        if name in SESSIONS:
            owner = Principal(user, name, 0, False)
            issue.mobile(service.core, owner, Client(*SESSIONS[name], "x"), NOW)
    return browser


def listed(browser: Browser, search: str, **query: str) -> list[str]:
    answer = browser.client.get(PATH, query_string={"search": search, **query})
    assert answer.status_code == 200 and value(answer, "search") == search.strip()
    return [row[0] for row in rows(answer)[1:]]


AYSE = "ay Ayşe Yılmaz, Ayse.Yilmaz@Example.com"
CEM = "cem Cem Çağlayan Yilmaz, cem@mail.example.org"


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("  AN ", ["ann", "Anna"]),
        ("nn", []),
        ("jurg", ["jürgen"]),
        ("100%", ["100%", "ines 100% \\ İnes O'Brien_"]),
        ("%", []),
        ("_", []),
        ("\\", ["ines 100% \\ İnes O'Brien_"]),
        ("O'B", ["ines 100% \\ İnes O'Brien_"]),
        ("ays", [AYSE]),
        ("yilmaz", [AYSE, CEM]),
        ("YILMAZ", [AYSE, CEM]),
        ("Yılmaz", [AYSE, CEM]),
        ("ılmaz", []),
        ("yil ayse", [AYSE]),
        ("cem  caglayan yılm", [CEM]),
        ("ayse nobody", []),
        ("ayse.yilmaz@ex", [AYSE]),
        ("@example.com", [AYSE]),
        ("@EX", [AYSE]),
        ("@", [AYSE, CEM]),
        ("example", []),
        ("198.51.100.3", ["ann Address: 198.51.100.3"]),
        ("198.51.100.", []),
        ("::ffff:198.51.100.3", ["ann Address: 198.51.100.3"]),
        ("2001:DB8:0:0::7", ["ben Address: 2001:db8::7"]),
        ("[2001:db8::7]", ["ben Address: 2001:db8::7"]),
        ("iphone 15", ["ann Device: iPhone 15 Pro", "ben Device: iPhone 15"]),
        ("iPhone 15 P", ["ann Device: iPhone 15 Pro"]),
        ("100% <", ["100% Device: 100% <b>phone</b>"]),
        ("x" * 200, []),
        ("x" * 10_000, []),
        ("9" * 254, []),
        ("1" * 5000, []),
        ("٣", []),
        ("²", []),
        ("ann\0", []),
        ("\0", []),
        ("📱", []),
    ],
    ids=ascii,
)
def test_what_was_typed_finds_users_and_the_row_says_why(browser: Browser, search: str, found: list) -> None:
    assert listed(browser, search) == found


def test_a_number_finds_the_user_of_that_id(service: Service, browser: Browser) -> None:
    lines = service.server.sql("SELECT id, username FROM users", "gatepass").splitlines()
    for number, name in (line.split("\t") for line in lines):
        assert name in listed(browser, number) and name in listed(browser, f" 0{number}")
    assert listed(browser, "2147483647") == listed(browser, "2147483648") == listed(browser, "0") == []


def test_only_live_sessions_count(service: Service, browser: Browser) -> None:
    service.server.sql(f"UPDATE auth_tokens SET expiry = {NOW} WHERE device_info = 'iPhone 15'", "gatepass")
    assert listed(browser, "iPhone 15") == ["ann Device: iPhone 15 Pro"] and listed(browser, "2001:db8::7") == []
    service.server.sql("UPDATE auth_tokens SET user_id = 0 WHERE device_info = 'iPhone 15 Pro'", "gatepass")
    assert listed(browser, "iPhone") == listed(browser, "198.51.100.3") == []
    service.server.sql("UPDATE auth_tokens SET user_id = 2000000000 WHERE user_id = 0", "gatepass")
    assert listed(browser, "iPhone") == listed(browser, "198.51.100.3") == [], "a user who is gone"


def test_the_users_of_a_device_are_found_by_its_whole_name(browser: Browser) -> None:
    assert listed(browser, "", device="iPhone 15") == listed(browser, "", device="IPHONE 15 ") == ["ben"]
    assert listed(browser, "", device="iPhone") == listed(browser, "", device="iPhone 15%") == []
    assert listed(browser, "b", device="iPhone 15") == ["ben"] and listed(browser, "ann", device="iPhone 15") == []
    page = browser.get(PATH + "?device=100%25+%3Cb%3Ephone%3C/b%3E")
    assert [row[0] for row in rows(page)[1:]] == ["100%"] and "<b>" not in page.text
    assert '<input type="hidden" name="device" value="100% &lt;b&gt;phone&lt;/b&gt;">' in page.text


def test_a_saved_profile_is_found_by_its_new_words_alone(service: Service, browser: Browser) -> None:
    user = int(service.server.sql("SELECT id FROM users WHERE username = 'ay'", "gatepass"))
    service.core.tables.profiles.save(user, Profile("Ayşe Işık", ""))
    assert listed(browser, "isik") == listed(browser, "IŞIK") == ["ay Ayşe Işık"]
    assert listed(browser, "@example.com") == [] and listed(browser, "yilmaz") == [CEM]


@pytest.mark.parametrize("field", ["search", "device", "app"])
@pytest.mark.parametrize("text", [*NASTY, "' OR 1=1 -- ", "\\' OR '%'='", "%(x)s %s %", "\x00", "x" * 10_000, "\ufffd"])
def test_a_hostile_text_finds_nobody_and_is_shown_as_text(browser: Browser, field: str, text: str) -> None:
    answer = browser.client.get(PATH, query_string={field: text})
    assert answer.status_code == 200 and "<script>" not in answer.text and "<img src=x" not in answer.text
    assert "Nobody found" in answer.text


@pytest.mark.parametrize("query", ["%FF%FE", "%ED%A0%80", "%C0%80", "%F0%9F%93", "%E2%80%AE"])
def test_what_is_no_utf8_finds_nobody(browser: Browser, query: str) -> None:
    for field in ("search", "device", "app"):
        answer = browser.get(f"{PATH}?{field}={query}")
        assert answer.status_code == 200 and "Nobody found" in answer.text
    assert browser.get(f"{PATH}?filter={query}").status_code == 404
