"""How the tests of the console act on it: a browser of somebody who signed in, what a page says, programs beside it."""

import subprocess
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from playwright.sync_api import Locator, Page

from tests.conftest import Gunicorn, add_user
from tests.e2e import wire
from tests.e2e.browser import Pages, sign_in
from tools.private_server import Server

OWNER = "ayse"
"""Whose account it is in most tests. Everybody's password is `password`."""

NEW_PASSWORD = "another password"


@dataclass(frozen=True)
class Console:
    """A running service, the database below it, and browsers before it. There is a user OWNER."""

    service: Gunicorn
    server: Server
    pages: Pages

    def add(self, name: str, is_admin: bool = False) -> int:
        """A user; the id."""
        user_id = add_user(self.server, name)
        self.sql(f"UPDATE users SET is_admin = {int(is_admin)} WHERE id = {user_id}")
        return user_id

    def sql(self, text: str) -> str:
        return self.server.sql(text, "gatepass")

    def page(self, **wanted: Any) -> Page:
        """A page of a new browser; `wanted` as in `Pages.new`."""
        return self.pages.new(self.service.port, **wanted)

    def signed_in(self, name: str = OWNER, password: str = "password", **wanted: Any) -> Page:
        """The same, of somebody who signed in there."""
        page = self.page(**wanted)
        sign_in(page, name, password)
        return page

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.service.port}{path}"

    def phone(self, device: str, name: str = OWNER) -> str:
        """Sign a mobile app in; its token."""
        form = urlencode({"username": name, "password": "password", "device-info": device}).encode()
        answer = wire.parse(self.service.send(wire.post(form)))
        return str(answer.json["data"]["access_token"])

    def says(self, path: str, token: str) -> int:
        """The status that curl, a program with that token, is answered with."""
        words = ["-sS", "-o", "/dev/null", "-w", "%{http_code}", "--noproxy", "*", "--max-time", "60"]
        command = ["curl", *words, "-H", f"Authorization: Bearer {token}", self.url(path)]
        return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)

    def hello(self, token: str) -> int:
        """The same of the API that personal tokens are for."""
        return self.says("/apiops/test/hello/world", token)

    def verify(self, token: str) -> int:
        """The same of the check of a mobile token."""
        return self.says("/v1/verify/", token)


def press(page: Page, name: str, role: Any = "button") -> None:
    """Click what a person would call so."""
    page.get_by_role(role, name=name, exact=True).click()
    page.wait_for_load_state()


def heading(page: Page) -> str:
    return page.locator("h1").inner_text()


def notice(page: Page) -> str:
    """What the page says was just done."""
    return page.locator("main [role=status].notice").inner_text()


def beside(page: Page, name: str) -> str:
    """What is wrong with the field of that name: said next to it, and to those who do not see it as well."""
    field = page.locator(f"[name={name}]:not([hidden])")
    assert field.get_attribute("aria-invalid") == "true"
    said = page.locator(f"#{field.get_attribute('aria-describedby')}")
    assert said.is_visible()
    above, below = _box(field), _box(said)
    assert 0 <= below["y"] - above["y"] - above["height"] < 20 and abs(below["x"] - above["x"]) < 5
    return said.inner_text()


def _box(locator: Locator) -> Any:
    box = locator.bounding_box()
    assert box is not None
    return box


def rows(page: Page, label: str) -> list[list[str]]:
    """The texts in the rows of the table that is called so."""
    table = page.get_by_role("table", name=label, exact=True)
    found: list[list[str]] = table.locator("tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.cells].map(cell => cell.innerText.trim()))"
    )
    return found


def row(page: Page, text: str) -> Locator:
    """The row of a table in which that text stands."""
    return page.locator("tbody tr").filter(has_text=text)


def new_token(page: Page, name: str, expiration: str = "Never", date: str = "") -> str:
    """Make a personal token by way of the dialog; its text."""
    page.goto("/console/profile/")
    press(page, "Create API Token", "link")
    fill_token(page, name, expiration, date)
    return shown_token(page)


def fill_token(page: Page, name: str, expiration: str, date: str = "") -> None:
    """Fill in the dialog and send it."""
    page.get_by_label("Token Name").fill(name)
    page.get_by_label("Expiration", exact=True).select_option(label=expiration)
    if date:
        page.get_by_label("Expiration Date").fill(date)
    press(page, "Create")


def shown_token(page: Page) -> str:
    """The token on the page that shows it once."""
    assert heading(page) == "API token created"
    return page.get_by_label("API token", exact=True).input_value()
