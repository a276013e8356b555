"""Pins the console in Turkish, for a browser that speaks it: from a wrong password to a token that is revoked."""

import pytest

from tests.e2e.console import OWNER, Console, beside, heading, notice, press, row

pytestmark = pytest.mark.usefixtures("curl")


def test_the_whole_path_in_turkish(console: Console) -> None:
    console.pages.allow(400, 403)
    page = console.page(locale="tr-TR")
    page.goto("/console/")
    assert page.locator("html").get_attribute("lang") == "tr"
    for password in ("yanlış", "password"):
        page.get_by_label("Kullanıcı adı").fill(OWNER)
        page.get_by_label("Parola").fill(password)
        press(page, "Oturum aç")
        if password != "password":
            assert page.get_by_role("alert").inner_text() == "Kullanıcı adı veya parola yanlış."
    assert heading(page) == "Profilim"

    press(page, "API belirteci oluştur", "link")
    page.get_by_label("Belirteç adı").fill("yedekleme")
    page.get_by_label("Geçerlilik süresi").select_option(label="Özel")
    for date in ("2001-01-01", "2999-01-01"):
        page.get_by_label("Bitiş tarihi").fill(date)
        press(page, "Oluştur")
        if date < "2999":
            assert beside(page, "date") == "Tarih ileride olmalıdır."
    assert heading(page) == "API belirteci oluşturuldu"
    assert "1 Ocak 2999, 23:59:59 UTC" in page.locator("main").inner_text()
    token = page.get_by_label("API belirteci", exact=True).input_value()
    assert console.hello(token) == 200
    press(page, "Tamam", "link")

    row(page, "yedekleme").get_by_role("link", name="İptal et").click()
    press(page, "İptal et")
    assert notice(page) == "Belirteç iptal edildi. Artık kabul edilmeyecek."
    assert console.hello(token) == 401

    phone = console.phone("Kayıp telefon")
    press(page, "Cihazlar", "link")
    press(page, "Oturumu kapat: Kayıp telefon")
    assert notice(page) == "Cihazdaki oturum kapatıldı." and console.verify(phone) == 401
