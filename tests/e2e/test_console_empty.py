"""Pins that a page with nothing on it yet says what to do, in both languages, and without a barrier."""

import pytest

from tests.e2e.browser import axe
from tests.e2e.console import Console

EMPTY = {
    "en": {
        "profile/": "No tokens yet\nCreate one for each program that is to use the API as you",
        "profile/?page=2": "Nothing on this page\nGo back to the first page of the list.",
        "devices/?page=2": "Nothing on this page\nGo back to the first page of the list.",
        "overview/": "Nobody has to wait\nAfter too many wrong passwords, accounts and addresses are listed here.",
        "users/?search=zzz": "Nobody found\nNo username begins with that. Try fewer letters.",
        "users/?page=2": "Nothing on this page",
        "users/{nobody}/": "No live tokens\nThis user is not signed in anywhere.",
    },
    "tr": {
        "profile/": "Henüz belirteç yok\nAPI’yi sizin adınıza kullanacak her program için ayrı bir belirteç oluşturun",
        "profile/?page=2": "Bu sayfada bir şey yok\nListenin ilk sayfasına dönün.",
        "devices/?page=2": "Bu sayfada bir şey yok\nListenin ilk sayfasına dönün.",
        "overview/": "Bekletilen yok\nÇok sayıda yanlış paroladan sonra hesaplar ve adresler burada listelenir.",
        "users/?search=zzz": "Kullanıcı bulunamadı\nBununla başlayan bir kullanıcı adı yok. Daha az harf deneyin.",
        "users/?page=2": "Bu sayfada bir şey yok",
        "users/{nobody}/": "Geçerli belirteç yok\nBu kullanıcının hiçbir yerde açık oturumu yok.",
    },
}


@pytest.mark.parametrize("locale, size, theme", [("en-US", "phone", "dark"), ("tr-TR", "desktop", "light")])
def test_an_empty_page_says_what_to_do(console: Console, locale: str, size: str, theme: str) -> None:
    console.add("boss", is_admin=True)
    nobody = console.add("nobody")
    page = console.signed_in("boss", locale=locale, size=size, theme=theme)
    for path, said in EMPTY[locale[:2]].items():
        page.goto(f"/console/{path}".format(nobody=nobody))
        texts = [text.replace("\n\n", "\n") for text in page.locator(".empty").all_inner_texts()]
        assert [text for text in texts if text.startswith(said)], texts
        assert axe(page) == []


def test_a_list_that_ends_before_that_page_leads_back(console: Console) -> None:
    console.add("boss", is_admin=True)
    page = console.signed_in("boss")
    for path in ("devices/", "users/", "profile/"):
        page.goto(f"/console/{path}?page=2")
        page.get_by_role("link", name="Previous").click()
        assert page.url.endswith(f"/console/{path}?page=1")
        assert not page.get_by_role("navigation", name="Pages of this list").is_visible()
