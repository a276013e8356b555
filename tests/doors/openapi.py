"""Owns the OpenAPI document as the tests read it, and the callers that hold the service to it."""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import schemathesis
from schemathesis import Case, CheckContext, CheckFunction, Response
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.config import SchemathesisConfig

from tests.conftest import NOW, ROOT, Clock, Server, Service, add_user, environment
from v1 import create_app, tokens
from v1.records import Client, Principal
from v1.settings import load

FILE = ROOT / "docs/openapi.json"
DOCUMENT: dict[str, Any] = json.loads(FILE.read_text())
METHODS = ("get", "head", "post", "put", "patch", "delete", "options", "trace")
VERIFY = "/v1/verify/"
FORM = "application/x-www-form-urlencoded"
REMOTE = {"here": "127.0.0.1", "elsewhere": "192.0.2.7"}

BY_STATUS = ("negative_data_rejection", "ignored_auth", "unsupported_method", "missing_required_header")
"""Checks that look for a 4xx, which ERROR_STATUS=php does not send where the PHP envelope is spoken."""

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


class Front:
    """What schemathesis calls: the caller at hand puts a service behind it."""

    behind: Wsgi

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        return self.behind(environ, start_response)


load_all_checks()
# The same examples at every run, and no schemathesis.toml of whoever runs them.
CONFIG = SchemathesisConfig.from_dict({"generation": {"deterministic": True, "max-examples": 6}})
SCHEMA = schemathesis.openapi.from_dict(json.loads(FILE.read_text()), config=CONFIG)
SCHEMA.app = FRONT = Front()


@dataclass(frozen=True)
class Callers:
    """A service with a user `admin`, and what each kind of caller presents to it."""

    service: Service
    user_id: int

    def headers(self, caller: str) -> dict[str, str]:
        """New each time, as many requests end the token that they present."""
        if caller == "mobile":
            admin, client = Principal(self.user_id, "admin", 1, False), Client("Pixel 9/📱", "192.0.2.7", "App/7.1")
            return {"Authorization": "Token " + tokens.issue(self.service.core.store, admin, client, NOW).secret}
        if caller == "api":
            return {"Authorization": f"Bearer {self.api_token('introspect', 'revoke', user_id=0)}"}
        return {}

    def api_token(self, *scopes: str, user_id: int | None = None) -> str:
        """A new API token of these scopes, of `admin` or of the user of that id; 0 is a server's own."""
        owner = self.user_id if user_id is None else user_id
        store = self.service.core.store
        return tokens.issue_api(store, owner, "the tests", scopes, NOW, tokens.NEVER).secret

    def check(self, case: Case, headers: dict[str, str], place: str = "here") -> Response:
        """Send it from this place; the answer, which fits the document."""

        def behind(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            return self.service.app.wsgi_app({**environ, "REMOTE_ADDR": REMOTE[place]}, start_response)

        FRONT.behind = behind
        left_out = _left_out(case, self.service.core.settings.error_status)
        return case.call_and_validate(headers=headers, additional_checks=[own_words], excluded_checks=left_out)

    def ask(self, method: str, path: str, headers: dict[str, str] | None = None, **parts: Any) -> Response:
        """Send what schemathesis would hardly think of. `parts` are a Case's: body, query, path_parameters."""
        kind = {"media_type": FORM} if "body" in parts else {}
        return self.check(SCHEMA[path][method].Case(**parts, **kind), headers or {})


def callers(server: Server, **settings: str) -> Callers:
    """A service on the suite's database, emptied."""
    empty(server)
    return Callers(build(server, **settings), add_user(server, "admin"))


def build(server: Server, **settings: str) -> Service:
    app = create_app(load(environment(server, **settings)), Clock())
    return Service(app, app.test_client(), server, Clock())


def empty(server: Server) -> None:
    server.sql("DELETE FROM auth_tokens; DELETE FROM users;", "gatepass")


def own_words(ctx: CheckContext, response: Response, case: Case) -> None:
    """A check: no error that nobody foresaw, nothing but JSON where there is a body, and never a cookie."""
    assert "set-cookie" not in response.headers
    if response.content and not response.headers["content-type"][0].startswith("text/plain"):
        said = json.loads(response.content)
        assert said.get("error") != "server_error" and said.get("errors", {}).get("code") != "5404"


def _left_out(case: Case, error_status: str) -> list[CheckFunction]:
    """The checks that make no sense of this operation: a 503 is documented wherever it is sent, and /v1/verify/ has
    every method there is."""
    envelope = set(case.operation.tags or ()) & {"login", "sessions"}
    names = BY_STATUS if envelope and error_status == "php" else ("unsupported_method",) if case.path == VERIFY else ()
    return CHECKS.get_by_names([*names, "not_a_server_error"])


def canonical(path: str) -> str:
    """What a URL rule and its path in the document have in common: the slash under /v1/, no names of variables, and not
    the PHP file's name."""
    short = re.sub(r"<[^>]+>|\{[^}]+\}", "{}", path).removesuffix("/").removesuffix("/index.php")
    return short + "/" if short.startswith("/v1/") else short


def media() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every body of the document, asked or answered, with the place it is at."""
    for path, item in DOCUMENT["paths"].items():
        for method in [each for each in METHODS if each in item]:
            answers = {status: resolve(each) for status, each in item[method]["responses"].items()}
            for name, each in {"request": item[method].get("requestBody", {}), **answers}.items():
                for kind, found in each.get("content", {}).items():
                    yield f"{method} {path} {name} {kind}", found


def resolve(value: dict[str, Any]) -> dict[str, Any]:
    """What a `$ref` into the document stands for; anything else is itself."""
    found: Any = DOCUMENT
    for part in value["$ref"].removeprefix("#/").split("/") if "$ref" in value else ():
        found = found[part]
    return found if "$ref" in value else value
