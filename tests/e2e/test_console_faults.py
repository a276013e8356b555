"""What a person sees when the database is away: in both languages, without a barrier, and that it passes."""

from collections.abc import Callable

from tests.conftest import Gunicorn
from tests.e2e.browser import Pages, axe
from tests.e2e.console import OWNER, Console, heading
from tests.e2e.faults import over_tcp, started_again
from tools import private_server
from tools.private_server import Server


def test_a_page_and_a_form_say_that_the_database_is_away_and_lead_on_once_it_is_back(
    own_server: Server, gunicorn: Callable[..., Gunicorn], pages: Pages
) -> None:
    console = Console(gunicorn(own_server, **over_tcp(own_server)), own_server, pages)
    console.pages.allow(503)
    console.add(OWNER)
    page, stranger = console.signed_in(), console.page(locale="tr-TR", theme="dark", size="phone")
    stranger.goto("/console/")
    private_server.stop(console.server)

    page.goto("/console/profile/?page=1")
    assert heading(page) == "Please try again soon" and axe(page) == []
    assert page.locator("main a.button").all_inner_texts() == ["Try again", "Back to the console"]
    stranger.get_by_label("Kullanıcı adı").fill(OWNER)
    stranger.get_by_label("Parola").fill("password")
    stranger.get_by_role("button", name="Oturum aç").click()
    assert heading(stranger) == "Lütfen birazdan yeniden deneyin" and axe(stranger) == []
    assert stranger.locator("main a.button").all_inner_texts() == ["Konsola dön"], "a link sends no form again"

    with started_again(console.server):
        page.get_by_role("link", name="Try again").click()
        assert heading(page) == "My Profile" and page.url.endswith("?page=1")
        stranger.get_by_role("link", name="Konsola dön").click()
        assert stranger.get_by_label("Kullanıcı adı").is_visible()
