"""Owns the OpenAPI document as the tests read it, and the callers that hold the service to it."""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import schemathesis
from hypothesis import assume
from schemathesis import Case, CheckContext, CheckFunction, Response
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.config import SchemathesisConfig
from werkzeug.test import TestResponse

from tests import fuzz
from tests.conftest import NOW, ROOT, Clock, Server, Service, add_user, build, environment
from tests.doors import every_door
from tests.doors.console.signed_in import SAME_ORIGIN
from tests.doors.contract import TokenContract
from tests.doors.contract.failures import exchange
from tests.doors.kinds import mint
from tests.secrecy import secrets_in
from v1 import create_app
from v1.doors.console.visits import cookie_name
from v1.settings import load
from v1.tokens import issue

FILE = ROOT / "docs/openapi.json"
DOCUMENT: dict[str, Any] = json.loads(FILE.read_text())
METHODS = ("get", "head", "post", "put", "patch", "delete", "options", "trace")
VERIFY, RPC, STREAM = "/v1/verify/", "/api/", "/stream/check"
INTROSPECT = "/v1/oauth/introspect/"
MOUNTS = ("", "/auth/rest", "/api/rest")
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
LOGIN = {"login": "admin", "password": "password"}
CREDENTIALS = {"grant_type": "client_credentials", "client_id": "admin", "client_secret": "password"}
REMOTE = {"here": "127.0.0.1", "elsewhere": "192.0.2.7"}

BY_STATUS = ("negative_data_rejection", "ignored_auth", "unsupported_method", "missing_required_header")
"""Checks that look for a 4xx, which ERROR_STATUS=php does not send where the PHP envelope is spoken."""

BESIDE = {
    VERIFY: ("unsupported_method",),
    **dict.fromkeys((RPC, INTROSPECT, "/token/create", "/apiops/tokens/"), ("positive_data_acceptance",)),
}
"""Checks that make no sense of a path: every method is served there; and no schema says that `to` is not before `from`,
that the two tokens of a call are one, or that a date exists and lies ahead."""

OPENED_BY = {"servers": "api", "streams": "api:stream", "devicehive": "jwt_access", "management": "management"}
"""The kind of token that opens the operations of a tag, where `opener_of` does not find it by their path."""

OF_PAGES = ("ignored_auth", "negative_data_rejection", "positive_data_acceptance", "unsupported_method")
"""Checks that look for a 401, a 4xx or a 2xx where the console's pages send a browser to another page, and for a 405
where an administrator's page is a 404 to others."""

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


class Front:
    """What schemathesis calls: the caller at hand puts a service behind it."""

    behind: Wsgi

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        return self.behind(environ, start_response)


load_all_checks()
# The same examples at every run, and no schemathesis.toml of whoever runs them. What is no call is a hundred things: at
# /api/ that is for test_openapi_fuzz.py. `make fuzz` adds all that a schema allows and forbids, one by one.
GENERATION = {"deterministic": True, "max-examples": fuzz.examples(3, 6)}
CALLS = {"include-path": RPC, "generation": {**GENERATION, "mode": "positive"}}
PHASES = {"coverage": {"enabled": fuzz.ALL}}
CONFIG = SchemathesisConfig.from_dict({"generation": GENERATION, "operations": [CALLS], "phases": PHASES})
SCHEMA = schemathesis.openapi.from_dict(json.loads(FILE.read_text()), config=CONFIG)
SCHEMA.app = FRONT = Front()
PAGES = SCHEMA.exclude(path_regex="^/(?!console/)")


@dataclass(frozen=True)
class Callers:
    """A service with a user `admin`, and what each kind of caller presents to it."""

    service: Service
    user_id: int

    def headers(self, caller: str) -> dict[str, str]:
        """New each time, as many requests end the token that they present. `caller` is `nobody`, `api` (a server that
        asks about tokens) or a kind of tests/doors/kinds.py."""
        if caller == "nobody":
            return {}
        token = self.api_token("introspect", "revoke", user_id=0) if caller == "api" else mint(self.service, caller)
        if caller == "console":
            return {"Cookie": f"{cookie_name(development=True)}={token}", **SAME_ORIGIN}
        return {"Authorization": f"{'Token' if caller == 'mobile' else 'Bearer'} {token}"}

    def api_token(self, *scopes: str, user_id: int | None = None) -> str:
        """A new API token of these scopes, of `admin` or of the user of that id; 0 is a server's own."""
        owner = self.user_id if user_id is None else user_id
        return issue.api(self.service.core, owner, "the tests", scopes, NOW, issue.NEVER).secret

    def check(self, case: Case, headers: dict[str, str], place: str = "here") -> Response:
        """Send it from this place; the answer, which fits the document."""
        own = {"REMOTE_ADDR": REMOTE[place]}
        if "Cookie" in headers:  # which werkzeug's client takes for its own to send
            own["HTTP_COOKIE"] = headers["Cookie"]

        def behind(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            return self.service.app.wsgi_app({**environ, **own}, start_response)

        FRONT.behind = behind
        left_out = _left_out(case, self.service.core.settings.error_status)
        return case.call_and_validate(headers=headers, additional_checks=[own_words], excluded_checks=left_out)

    def ask(
        self, method: str, path: str, headers: dict[str, str] | None = None, place: str = "here", **parts: Any
    ) -> Response:
        """Send what schemathesis would hardly think of. `parts` are a Case's: body, query, path_parameters."""
        kinds = resolve(DOCUMENT["paths"][path][method.lower()].get("requestBody", {})).get("content", {})
        kind = {"media_type": next(iter(kinds))} if "body" in parts else {}
        return self.check(SCHEMA[path][method].Case(**parts, **kind), headers or {}, place)

    def close(self) -> None:
        """Nothing is written later, and nothing left open."""
        self.service.core.close()


def callers(server: Server, **settings: str) -> Callers:
    """A service on the suite's database, emptied."""
    empty(server)
    app = create_app(load(environment(server, **settings)), Clock())
    return Callers(Service(app, app.test_client(), server, Clock()), add_user(server, "admin"))


def other(service: Service, **settings: str) -> Service:
    """Another service on the same database, for one test."""
    app = build(environment(service.server, **settings), Clock())
    return Service(app, app.test_client(), service.server, Clock())


def empty(server: Server) -> None:
    server.sql("DELETE FROM auth_tokens; DELETE FROM users;", "gatepass")


TOKEN_DOORS = every_door.doors(TokenContract)
"""Loaded here: hypothesis refuses to define one test inside another."""


def kind(case: Case, caller: str) -> str:
    """Who that is for `headers`: the `opener` presents what opens the operation, and `another` what does not."""
    opener = OPENED_BY.get(case.operation.tags[0]) or opener_of(case.path)
    return {"opener": opener, "another": "api" if opener == "mobile" else "mobile"}.get(caller, caller)


def opener_of(path: str) -> str:
    """The kind of token of the test class whose prefix this path has; that of a phone where no token opens it."""
    doors = [each for each in TOKEN_DOORS if f"{path}/".startswith(f"{each.prefix}/")]
    return max(doors, key=lambda each: len(each.prefix)).kind if doors else "mobile"


def assume_loggable(case: Case) -> None:
    """Pass over a path or the name of a device that tests/secrecy.py would take for a secret: hypothesis takes words
    from the code, such as the name of the header with a token, and these are logged."""
    fields = {**(case.query or {}), **(case.body if isinstance(case.body, dict) else {})}
    devices = [value for name, value in fields.items() if "device" in name]
    assume(not any(secrets_in(str(each)) for each in (*devices, *(case.path_parameters or {}).values())))


def own_words(ctx: CheckContext, response: Response, case: Case) -> None:
    """A check: no error that nobody foresaw, nothing but JSON where there is a body, and never a cookie; of the console
    pages, and cookies along with a 303."""
    assert response.status_code != 500
    if "console" in (case.operation.tags or ()):
        assert "set-cookie" not in response.headers or response.status_code == 303
        page = response.content.startswith(b"<!doctype html>")
        assert page is (bool(response.content) and response.headers["content-type"] == ["text/html; charset=utf-8"])
        return
    assert "set-cookie" not in response.headers
    if response.status_code == 204 or case.path == STREAM:
        assert not response.content and "content-type" not in response.headers
    elif response.content and not response.headers["content-type"][0].startswith("text/plain"):
        said = json.loads(response.content)
        assert not any(unforeseen(each) for each in (said if isinstance(said, list) else [said]))


def unforeseen(said: dict[str, Any]) -> bool:
    """Is this the body of an error that nobody foresaw, in whichever dialect?"""
    error = said.get("error", said.get("errors", {}))
    return error in ("server_error", 500) or isinstance(error, dict) and error.get("code") in ("5404", -32603)


def _left_out(case: Case, error_status: str) -> list[CheckFunction]:
    """The checks that make no sense of this operation: a 503 is documented wherever it is sent, and a 422 is for what
    fits the schema and is wrong all the same."""
    tags = set(case.operation.tags or ())
    names = BY_STATUS if tags & {"login", "sessions"} and error_status == "php" else BESIDE.get(case.path, ())
    names = OF_PAGES if "console" in tags else names
    if "422" in DOCUMENT["paths"][case.operation.path][case.operation.method]["responses"]:
        names = (*names, "positive_data_acceptance")
    return CHECKS.get_by_names([*names, "not_a_server_error"])


def forms(path: str) -> set[str]:
    """Every URL that this path of the document stands for, as the document says, without the names of variables."""
    plain = re.sub(r"\{[^}]+\}", "{}", path)
    tags = {tag for item in DOCUMENT["paths"][path].values() if "tags" in item for tag in item["tags"]}
    if "watching" in tags:
        return {plain}
    bare = plain.removesuffix("/")
    found = {mount + bare for mount in MOUNTS} if "devicehive" in tags else {bare}
    found |= {f"{bare}/index.php"} if "login" in tags else set()
    return found | {f"{each}/" for each in found}


def path_of(url: str) -> str:
    """The path of the document that this URL is an example of."""
    patterns = {form.replace("{}", "[^/]+"): path for path in DOCUMENT["paths"] for form in forms(path)}
    found = [path for pattern, path in patterns.items() if re.fullmatch(pattern, url)]
    assert found, f"{url} is in no path of docs/openapi.json"
    return min(found, key=lambda path: path.count("{"))


def fits(answer: TestResponse) -> None:
    """Fail unless the document has this status of this path, and the answer fits what it says of it."""
    path, method = path_of(answer.request.path), answer.request.method.lower()
    place = f"{method} {path} of docs/openapi.json"
    statuses = set(DOCUMENT["paths"][path][method]["responses"])
    assert str(answer.status_code) in statuses, f"{place} has no status {answer.status_code}\n{exchange(answer)}"
    SCHEMA[path][method].validate_response(answer)


def media() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every body of the document, asked or answered, with the place it is at."""
    for path, item in DOCUMENT["paths"].items():
        for method in [each for each in METHODS if each in item]:
            answers = {status: resolve(each) for status, each in item[method]["responses"].items()}
            for name, each in {"request": resolve(item[method].get("requestBody", {})), **answers}.items():
                for kind, found in each.get("content", {}).items():
                    yield f"{method} {path} {name} {kind}", found


def resolve(value: dict[str, Any]) -> dict[str, Any]:
    """What a `$ref` into the document stands for; anything else is itself."""
    found: Any = DOCUMENT
    for part in value["$ref"].removeprefix("#/").split("/") if "$ref" in value else ():
        found = found[part]
    return found if "$ref" in value else value
