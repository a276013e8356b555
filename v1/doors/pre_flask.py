"""Pre-Flask endpoints: paths of token checks, which are answered before Flask sees them.

Flask takes longer than all the rest of a token check (bench/results.md). An endpoint has two halves: `begin` reads a
request, and `finish` makes its answer from what the database holds. On a thread, the second follows the first. The
check loop (v1/server/worker/check_loop.py) begins many requests, looks all their tokens up in one SELECT, and finishes
them.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from flask import Blueprint
from prometheus_client import Histogram

from v1.auth import guard
from v1.auth.core import Core
from v1.auth.guard import AuthorizedCaller, TokenCheck
from v1.errors import GatepassError, Unforeseen
from v1.observe import logs
from v1.observe.metrics import request_seconds
from v1.tokens.find import Found

Headers = list[tuple[str, str]]
Answer = tuple[int, Headers, bytes]
"""Status, headers and body."""

Asked = tuple[TokenCheck, Callable[[AuthorizedCaller], Answer]]
"""What must be looked up, and the answer to a caller whose token is good. The latter may raise any error."""

Environ = Mapping[str, Any]
"""WSGI's environ. The check loop gives no more of it than v1/server/request/plain_check.py says."""

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]

EXTENSION: Final = "pre_flask"
"""The name in `app.extensions` of the endpoints by path."""

STATUS_LINES: Final = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}


@dataclass(frozen=True, slots=True)
class Begun:
    """A request that has begun. It has an `error` already, or a check whose token must be looked up."""

    method: str
    path: str
    request_id: str
    started: float
    check: TokenCheck | None = None
    answer: Callable[[AuthorizedCaller], Answer] | None = None
    error: Exception | None = None

    @property
    def auth_key(self) -> str | None:
        """The digest to look up; None if there is nothing to look up."""
        return self.check.auth_key if self.check else None


class Endpoint:
    """One endpoint: `ask` reads its requests, and `refuse` turns an error into its answer."""

    def __init__(
        self,
        core: Core,
        paths: tuple[str, ...],
        ask: Callable[[Environ], Asked],
        refuse: Callable[[GatepassError], Answer],
        reads_body: bool = False,
    ) -> None:
        """The first path is the route's name in the metrics."""
        self.paths, self.reads_body = paths, reads_body
        self._core, self._ask, self._refuse = core, ask, refuse
        self._timers: dict[int, Histogram] = {}  # by status: finding one by its labels is slow

    def begin(self, environ: Environ) -> Begun:
        """Read a request. An error is kept in the result."""
        request_id = logs.begin(environ.get("HTTP_X_REQUEST_ID", ""))
        about = environ["REQUEST_METHOD"], environ["PATH_INFO"], request_id, time.perf_counter()
        try:
            return Begun(*about, *self._ask(environ))
        except Exception as error:
            return Begun(*about, error=error)

    def look_up(self, begun: Begun) -> Found | None | Exception:
        """What the database holds of the token. An error is the result."""
        return guard.look_up(self._core, begun.check) if begun.check else None

    def unpack(self, begun: Begun, row: str | None | Exception) -> Found | None | Exception:
        """The same, of a packed row that was looked up elsewhere (v1/tokens/find.py: prepared_check)."""
        return guard.unpack(self._core, begun.check, row) if begun.check else None

    def finish(self, begun: Begun, found: Found | None | Exception) -> tuple[Answer, str]:
        """The answer, and the line for the log."""
        logs.request_id.set(begun.request_id)
        status, headers, body = self._answer(begun, found)
        headers += [("Cache-Control", "no-store"), ("Pragma", "no-cache"), ("X-Request-Id", begun.request_id)]
        seconds = time.perf_counter() - begun.started
        if status not in self._timers:
            self._timers[status] = request_seconds.labels(self.paths[0], str(status))
        self._timers[status].observe(seconds)
        line = logs.access_line(begun.method, begun.path, status, seconds)
        return (status, headers, b"" if begun.method == "HEAD" else body), line

    def _answer(self, begun: Begun, found: Found | None | Exception) -> Answer:
        try:
            if begun.error:
                raise begun.error
            assert begun.check and begun.answer
            return begun.answer(guard.finish_check(self._core, begun.check, found))
        except Exception as error:
            return self._refuse(_domain_error(error))


def blueprint(name: str, endpoint: Endpoint) -> Blueprint:
    """A blueprint without routes. An application that registers it answers the endpoint's paths before Flask."""
    door = Blueprint(name, __name__)
    door.record_once(lambda state: _put_before(state.app, dict.fromkeys(endpoint.paths, endpoint)))
    return door


def _put_before(app: Any, endpoints: dict[str, Endpoint]) -> None:
    app.extensions.setdefault(EXTENSION, {}).update(endpoints)
    app.wsgi_app = _middleware(app.wsgi_app, endpoints)


def _middleware(wsgi: Wsgi, endpoints: dict[str, Endpoint]) -> Wsgi:
    """Answers the paths of these endpoints, and leaves all others to `wsgi`."""

    def serve(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        endpoint = endpoints.get(environ["PATH_INFO"])
        if endpoint is None:
            return wsgi(environ, start_response)
        begun = endpoint.begin(environ)
        (status, headers, body), line = endpoint.finish(begun, endpoint.look_up(begun))
        start_response(STATUS_LINES[status], headers)
        logs.write(line)
        return [body]

    return serve


def _domain_error(error: Exception) -> GatepassError:
    """The error itself if it is one of the service's; any other is logged and becomes Unforeseen."""
    if isinstance(error, GatepassError):
        return error
    logs.unforeseen(error)
    return Unforeseen()
