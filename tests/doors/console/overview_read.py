"""An administrator before Overview, rows of `login_stats`, and what the page says."""

import re
from html import unescape

import pytest
from werkzeug.test import TestResponse

from tests.conftest import Service
from tests.doors.console.pages_read import rows
from tests.doors.console.signed_in import Browser, administrator
from v1.auth.write_behind import WriteBehind

PATH = "/console/overview/"


@pytest.fixture
def browser(service: Service, monkeypatch: pytest.MonkeyPatch) -> Browser:
    """An administrator's, whose own sign-in is counted nowhere."""
    monkeypatch.setattr(WriteBehind, "_start", lambda self: None)
    return administrator(service)


def table(response: TestResponse, caption: str) -> list[list[str]]:
    """The rows of the table that is called so, but for its head."""
    return rows(response, caption)[1:]


def stats(service: Service, *cells: tuple[str, str, int], door: str = "oauth") -> None:
    """So many logins of that outcome in the hour that begins then."""
    for hour, outcome, logins in cells:
        values = f"'{hour}:00:00', '{door}', '{outcome}', {logins}"
        again = f"ON DUPLICATE KEY UPDATE logins = logins + {logins}"
        service.server.sql(f"INSERT INTO login_stats VALUES ({values}) {again}", "gatepass")


def text_of(response: TestResponse, mark: str, element: str = "section") -> str:
    """The text of the element with that attribute."""
    (found,) = re.findall(rf"<{element}\b[^>]*{re.escape(mark)}[^>]*>(.*?)</{element}>", response.text, re.DOTALL)
    text = " ".join(unescape(re.sub("<[^>]+>", "", found)).split())
    return text.replace(" :", ":")
