"""Pins what a person sees when the database is away, on every page and after every form, and that it passes."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page

from tests.conftest import Gunicorn
from tests.e2e.browser import Pages, axe
from tests.e2e.console import OWNER, Console, heading, new_token
from tests.e2e.faults import over_tcp, started_again
from tools import private_mariadb
from tools.private_mariadb import Server

PAGES = (
    *("", "profile/", "tokens/new/", "tokens/{token}/revoke/", "devices/", "devices/sign-out-others/", "sign-in/"),
    *("overview/", "users/", "users/?search=a&page=1", "users/{owner}/", "users/{owner}/disable/"),
)

FORMS = (
    *("sign-out/", "profile/", "password/", "tokens/new/", "tokens/{token}/revoke/", "devices/{token}/sign-out/"),
    *("devices/sign-out-others/", "users/{owner}/disable/", "users/{owner}/sessions/{token}/revoke/"),
)

SAID = {
    "en": ("Please try again soon", "cannot reach its database right now", "Try again", "Back to the console"),
    "tr": ("Lütfen birazdan yeniden deneyin", "veritabanına ulaşamıyor", "Yeniden dene", "Konsola dön"),
}


@pytest.fixture
def console(own_mariadb: Server, gunicorn: Callable[..., Gunicorn], pages: Pages) -> Console:
    """On a database that may be stopped."""
    made = Console(gunicorn(own_mariadb, **over_tcp(own_mariadb)), own_mariadb, pages)
    made.add(OWNER)
    made.add("boss", is_admin=True)
    return made


def is_said(page: Page, language: str, form: bool = False) -> bool:
    """Does the page say that the database is away, in that language, and what can be done? A form is not sent again by
    a link."""
    title, text, *ways = SAID[language]
    buttons = page.locator("main a.button").all_inner_texts()
    here = (page.locator("html").get_attribute("lang"), heading(page), buttons) == (language, title, ways[form:])
    return here and text in page.locator("main").inner_text()


def paths(console: Console, wanted: tuple[str, ...]) -> Iterator[str]:
    owner = console.sql(f"SELECT id FROM users WHERE username = '{OWNER}'").strip()
    token = console.sql("SELECT id FROM auth_tokens WHERE kind = 'personal'").strip()
    return (f"/console/{path}".format(owner=owner, token=token) for path in wanted)


def test_every_page_says_that_the_database_is_away_and_works_again_afterwards(console: Console) -> None:
    console.pages.allow(503)
    page = console.signed_in("boss")
    new_token(page, "backup")
    turkish = console.signed_in(theme="dark", size="phone")
    turkish.goto("/console/profile/")
    turkish.get_by_label("Preferred Language").select_option("tr")
    turkish.get_by_role("button", name="Save").click()
    stranger = console.page(locale="tr-TR")
    asked = list(paths(console, PAGES))

    private_mariadb.stop(console.server)
    for person, language in ((page, "en"), (turkish, "tr")):
        for path in asked:
            answer = person.goto(path)
            assert answer and answer.status == 503 and int(answer.headers["retry-after"]) > 0, path
            assert is_said(person, language), path
        assert axe(person) == []
    stranger.goto("/console/")
    stranger.get_by_label("Kullanıcı adı").fill(OWNER)
    stranger.get_by_label("Parola").fill("password")
    stranger.get_by_role("button", name="Oturum aç").click()
    assert is_said(stranger, "tr", form=True)

    page.goto("/console/users/?search=ay&page=1")
    with started_again(console.server):
        other = page.context.new_page()
        for path in asked:
            answer = other.goto(path)
            assert answer and answer.status == 200, path
        stranger.get_by_role("link", name="Konsola dön").click()
        assert stranger.get_by_label("Kullanıcı adı").is_visible()
        page.get_by_role("link", name="Try again").click()
        assert heading(page) == "Users" and page.get_by_label("Username begins with").input_value() == "ay"


def test_after_a_form_that_could_not_be_sent_nothing_is_done_and_the_way_on_is_open(console: Console) -> None:
    console.pages.allow(503)
    page = console.signed_in("boss")
    new_token(page, "backup")
    page.goto("/console/profile/")
    asked, opened = list(paths(console, FORMS)), []
    for path in asked:
        other = page.context.new_page()
        other.goto("/console/profile/")
        other.locator("main form").first.evaluate("(form, path) => { form.action = path }", path)
        opened.append(other)

    private_mariadb.stop(console.server)
    for other in opened:
        with other.expect_navigation():
            other.get_by_role("button", name="Save").click()
        assert is_said(other, "en", form=True), other.url
    with started_again(console.server) as again:
        ways = [each.locator("main a.button").evaluate_all("all => all.map(each => each.href)") for each in opened]
        closed = {way for each in ways for way in each if page.request.get(way).status != 200}
        assert all(ways) and closed == set()
        assert again.sql("SELECT COUNT(*) FROM auth_tokens WHERE kind IN ('console', 'personal')", "gatepass") == "2\n"
