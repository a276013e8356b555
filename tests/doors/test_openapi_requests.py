"""The doors answer as docs/openapi.json has it, whatever its schemas allow and forbid to be sent."""

import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import unquote
from zlib import crc32

import pytest
import schemathesis
from hypothesis import assume
from schemathesis import Case, CheckContext, CheckFunction, Response
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.config import SchemathesisConfig

from tests import fuzz
from tests.conftest import Server
from tests.doors import every_door
from tests.doors.callers import Callers, callers, unforeseen
from tests.doors.console.signed_in import session_of
from tests.doors.contract import TokenContract
from tests.doors.kinds import KINDS
from tests.doors.openapi import DOCUMENT, RPC, STREAM, VERIFY, resolve
from tests.secrecy import secrets_in

INTROSPECT = "/v1/oauth/introspect/"

BESIDE = {
    VERIFY: ("unsupported_method",),
    "/console/users/{user_id}/activity/": ("allow_header_conformance",),
    **dict.fromkeys((RPC, INTROSPECT, "/token/create", "/apiops/tokens/"), ("positive_data_acceptance",)),
}
"""Checks that make no sense of a path: every method is served there; OPTIONS also tells the POST of `<act>`, a 404
there; and no schema says that `to` is not before `from`, that the two tokens of a call are one, or that a date exists
and lies ahead."""

OF_PAGES = ("ignored_auth", "negative_data_rejection", "positive_data_acceptance", "unsupported_method")
"""Checks that look for a 401, a 4xx or a 2xx where the console's pages send a browser to another page, and for a 405
where an administrator's page is a 404 to others."""

OPENED_BY = {"devicehive": "jwt_access", "management": "management"}
"""The kind of token that opens the operations of a tag, where no test class has it for their path."""

READERS = [
    path
    for path, item in DOCUMENT["paths"].items()
    if "requestBody" in item.get("post", {}) and path != STREAM and not path.startswith("/console/")
]
"""What reads a body. (A check of a stream refuses it like any other text, and the console with a page.)"""

OPENED = every_door.doors(TokenContract)

load_all_checks()
# The same examples at every run, and no schemathesis.toml of whoever runs them. What is no call is a hundred things: at
# /api/ that is for test_openapi_fuzz.py. `make fuzz` adds all that a schema allows and forbids, one by one.
GENERATION = {"deterministic": True, "max-examples": fuzz.examples(3, of=60)}
CALLS = {"include-path": RPC, "generation": {**GENERATION, "mode": "positive"}}
PHASES = {"coverage": {"enabled": fuzz.ALL}}
CONFIG = SchemathesisConfig.from_dict({"generation": GENERATION, "operations": [CALLS], "phases": PHASES})
SCHEMA = schemathesis.openapi.from_dict(DOCUMENT, config=CONFIG)
BEHIND: list[Callable[..., Any]] = []
"""The service that is asked: the last of these."""

SCHEMA.app = lambda *asked: BEHIND[-1](*asked)


@pytest.fixture(scope="module")
def made(migrated: Server) -> Iterator[Callers]:
    """Real statuses: the checks look for a 4xx."""
    with callers(migrated, ERROR_STATUS="http") as found:
        yield found


def test_it_is_valid_openapi_3_1() -> None:
    assert DOCUMENT["openapi"].startswith("3.1.")
    SCHEMA.validate()


@pytest.mark.parametrize("shown", ["no token", "its token", "another token"])
@SCHEMA.parametrize()
def test_the_service_answers_as_the_document_says(case: Case, shown: str, made: Callers) -> None:
    assume_loggable(case)
    kind = {"no token": "nobody", "its token": opener_of(case), "another token": another_of(case)}[shown]
    headers = made.headers(kind)
    own = {"REMOTE_ADDR": "192.0.2.7" if kind == "mobile" else "127.0.0.1"}
    if "Cookie" in headers:  # which werkzeug's client takes for its own to send
        own["HTTP_COOKIE"] = headers["Cookie"]
        if isinstance(case.body, dict) and "session" in case.body:  # no machine thinks of that number
            case.body["session"] = session_of(made.service, headers["Cookie"].partition("=")[2])
    BEHIND[:] = [lambda environ, start_response: made.service.app.wsgi_app({**environ, **own}, start_response)]
    case.call_and_validate(headers=headers, additional_checks=[own_words], excluded_checks=_left_out(case))


@pytest.mark.parametrize("path", READERS)
def test_a_body_that_is_too_large_is_refused(made: Callers, path: str) -> None:
    headers = made.headers(opener_of(SCHEMA[path]["POST"].Case()))
    headers["Content-Type"] = next(iter(resolve(DOCUMENT["paths"][path]["post"]["requestBody"])["content"]))
    answer = made.service.client.post(path, data=b" " * (65_537 if path == RPC else 16_385), headers=headers)
    assert (answer.status_code, answer.headers["Connection"]) == (413, "close")


def opener_of(case: Case) -> str:
    """The kind of token of the test class whose prefix this path has; that of a phone where no token opens it."""
    doors = [each for each in OPENED if f"{case.path}/".startswith(f"{each.prefix}/")]
    kind = max(doors, key=lambda each: len(each.prefix)).kind if doors else "mobile"
    return OPENED_BY.get(case.operation.tags[0], kind)


def another_of(case: Case) -> str:
    """Any kind of token, the same for the same request."""
    return KINDS[crc32(f"{case.path} {case.path_parameters} {case.query} {case.body}".encode()) % len(KINDS)]


def assume_loggable(case: Case) -> None:
    """Pass over a path or the name of a device that tests/secrecy.py would take for a secret: hypothesis takes words
    from the code, such as the name of the header with a token, and these are logged."""
    fields = {**(case.query or {}), **(case.body if isinstance(case.body, dict) else {})}
    devices = [value for name, value in fields.items() if "device" in name]
    assume(not any(secrets_in(unquote(str(each))) for each in (*devices, *(case.path_parameters or {}).values())))


def own_words(ctx: CheckContext, response: Response, case: Case) -> None:
    """A check: no error that nobody foresaw, and no cookie but from the console."""
    assert response.status_code != 500
    assert "set-cookie" not in response.headers or "console" in case.operation.tags
    if response.content and response.headers["content-type"] == ["application/json"]:
        assert not unforeseen(json.loads(response.content))


def _left_out(case: Case) -> list[CheckFunction]:
    """The checks that make no sense of this operation: a 503 is documented wherever it is sent, and no schema says
    which password is right, whatever the status of a wrong one."""
    names = (*BESIDE.get(case.path, ()), *(OF_PAGES if "console" in case.operation.tags else ()))
    if DOCUMENT["paths"][case.operation.path][case.operation.method].get("security") == []:
        names = (*names, "positive_data_acceptance")
    return CHECKS.get_by_names([*names, "not_a_server_error"])
