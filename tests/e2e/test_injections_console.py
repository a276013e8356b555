"""SQL injection at the console and in the names of tokens: a search finds nothing, and a name is kept as it is."""

from urllib.parse import urlencode

import pytest

from tests.conftest import Service, add_user
from tests.doors.console.pages_read import rows
from tests.doors.console.signed_in import administrator, signed_in
from tests.e2e.injections import SOME
from tests.e2e.shapes import Shapes
from v1.tokens.issue import is_valid_name

HARMLESS = ("zzz", "zzz yyy", "7", "192.0.2.1", "2001:db8::1", "@example.org")
"""Searches of every sort, which find nobody."""

WILDCARDS = ("%", "_%", "oth%", "o_her", "an% o%", "%@%", "192.0.2.%", "\\%")

NAMES = [each for each in SOME if is_valid_name(each)]


@pytest.mark.parametrize("field", ["search", "device", "app"])
def test_a_search_for_sql_finds_nobody(field: str, service: Service) -> None:
    """`%` and `_` are characters, as is every other way to say more than a beginning."""
    add_user(service.server, "other")
    other = signed_in(service, "other")
    assert other.post("/console/profile/", full_name="Ann Other", email="ann@example.com").status_code == 303
    browser = administrator(service)

    def found(text: str) -> list[list[str]]:
        answer = browser.get(f"/console/users/?{urlencode({field: text})}")
        assert answer.status_code == 200, text
        return rows(answer)[1:]

    with Shapes(service) as harmless:
        assert [found(text) for text in HARMLESS] == [[]] * len(HARMLESS)
    with Shapes(service) as hostile:
        assert [text for text in (*WILDCARDS, *SOME) if found(text)] == []
    assert hostile.found <= harmless.found, hostile.found - harmless.found


def test_a_token_or_a_person_that_is_called_sql_is_called_so(service: Service) -> None:
    credentials = {"grant_type": "client_credentials", "client_id": "admin", "client_secret": "password"}
    issued = service.client.post("/apiops/auth/token", data=credentials).json
    headers = {"Authorization": f"Bearer {issued['access_token']}"}
    browser = signed_in(service)

    def name(text: str) -> None:
        made = service.client.post("/apiops/tokens/", json={"name": text, "expires": "never"}, headers=headers)
        assert (made.status_code, made.json["name"]) == (201, text.strip())
        assert browser.post("/console/profile/", full_name=text[:100]).status_code == 303
        profile = service.server.sql("SELECT HEX(full_name) FROM profiles", "gatepass").split()
        assert profile == [text.strip().encode().hex().upper()]

    with Shapes(service) as harmless:
        name("harmless")
        name("harmless too")
    with Shapes(service) as hostile:
        for text in NAMES:
            name(text)
    assert hostile.found <= harmless.found, hostile.found - harmless.found
