"""A token that could not be looked up is answered and counted alike, whether a thread or the main loop looked it up."""

from typing import Any

import pytest

from tests.conftest import Service
from tests.doors.kinds import mint
from v1.db.tables.tokens import Tokens
from v1.doors.pre_flask import EXTENSION, Answer, Endpoint
from v1.errors import DatabaseDown
from v1.observe import metrics

PATHS = ["/v1/verify/", "/stream/check"]
DOWN = DatabaseDown(2013, "Lost connection")
NO_ROW = "12 7 mobile"
"""What unpacks to nothing."""


def errors() -> float:
    """How many checks have ended with an error."""
    return float(metrics.token_checks.labels("error")._value.get())


def asked(service: Service, path: str) -> dict[str, Any]:
    """A check as WSGI's environ."""
    token = mint(service, "stream" if path == "/stream/check" else "mobile")
    query = f"token={token}&stream=cam1&action=live"
    return {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "HTTP_AUTHORIZATION": f"Token {token}",
        "HTTP_X_REQUEST_ID": "one",
    }


def by_thread(endpoint: Endpoint, environ: dict[str, Any], monkeypatch: pytest.MonkeyPatch, row: Any) -> Answer:
    """The answer if the SELECT raises this error, or finds this row."""

    def check(tables: Tokens, auth_key: str, now: int) -> Any:
        if isinstance(row, Exception):
            raise row
        return tables.live(row, now)

    monkeypatch.setattr(Tokens, "check", check)
    begun = endpoint.begin(environ)
    return endpoint.finish(begun, endpoint.look_up(begun))[0]


def by_main_loop(endpoint: Endpoint, environ: dict[str, Any], row: str | Exception) -> Answer:
    """The same of the main loop."""
    begun = endpoint.begin(environ)
    return endpoint.finish(begun, endpoint.unpack(begun, row))[0]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(("row", "counted"), [(DOWN, 1), (NO_ROW, 0), (ValueError("x"), 0)])
def test_both_ways_answer_and_count_a_failed_look_up_alike(
    service: Service, monkeypatch: pytest.MonkeyPatch, path: str, row: Any, counted: int
) -> None:
    endpoint, environ = service.app.extensions[EXTENSION][path], asked(service, path)
    before = errors()
    answer = by_main_loop(endpoint, environ, row)
    assert errors() - before == counted
    assert by_thread(endpoint, environ, monkeypatch, row) == answer
    assert errors() - before == 2 * counted
    assert answer[0] >= 500
