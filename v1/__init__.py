"""Gatepass logs mobile apps in against a MySQL users table. `create_app` builds the service.

From the top down; each package imports only those below it, and `create_app` alone knows them all:

    program    the command `gatepass`: runs the commands of cli
    wsgi       the application that gunicorn serves, with settings read from the environment
    server     gunicorn's worker: how connections are accepted and end
    cli        operator commands: user, session, token, db, serve, capacity
    doors      one package a wire format: it reads the request and answers
    auth       what a request proves and what it may do: login, guard, throttle, accounts
    tokens     issue, find and revoke tokens of every kind
    passwords  hashes, and the threads that compute them
    db         everything that talks to MySQL
    observe    log lines and metrics
    settings   the environment, read once
    wire       bytes in, values out: PHP forms, JSON, dates
    capacity   from measured constants to machines: sums alone
    records    User, Token, Principal: frozen dataclasses
    kinds      one table of every kind of token, and what each opens
    errors     an exception class for every error that a door can answer
    resources  finds the SQL, gunicorn's configuration and the OpenAPI document
"""

import re
import time
from collections.abc import Callable, Iterable
from typing import Any, Final

from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from v1 import doors
from v1.auth.core import Core, build
from v1.errors import GatepassError, Unforeseen, UnknownPath, WrongMethod
from v1.observe import logs, metrics
from v1.settings import Settings


def create_app(settings: Settings, clock: Callable[[], float] = time.time) -> Flask:
    """The WSGI application. `clock` gives Unix seconds; tests bring their own."""
    logs.configure()
    core = build(settings, clock)
    app = Flask("v1", static_folder=None)
    app.extensions["gatepass"] = core
    for door in doors.DOORS:
        app.register_blueprint(door.blueprint(core))
    app.before_request(_begin)
    app.after_request(_finish)
    app.register_error_handler(Exception, lambda error: _refuse(core, error))
    app.wsgi_app = _normalize_path_and_host(app.wsgi_app)  # type: ignore[method-assign]
    return app


def _begin() -> None:
    g.started = time.perf_counter()
    g.request_id = logs.begin(request.headers.get("X-Request-Id", ""))


def _finish(response: Response) -> Response:
    if "Cache-Control" not in response.headers:  # only the console's stylesheet and script may be cached
        response.headers["Cache-Control"] = "no-store"
        response.headers["Pragma"] = "no-cache"
    response.headers["X-Request-Id"] = g.request_id
    if request.method == "OPTIONS" and not response.data:
        del response.headers["Content-Type"]
        response.headers["Allow"] = ", ".join(sorted(response.allow))
    seconds = time.perf_counter() - g.started
    route = request.url_rule.rule if request.url_rule else "none"
    metrics.request_seconds.labels(route, str(response.status_code)).observe(seconds)
    logs.access(request.method, request.path, response.status_code, seconds)
    return response


def _refuse(core: Core, error: Exception) -> Response:
    """The error answer of the door that owns the path, so that each client gets errors in its own wire format."""
    response: Response = doors.of_path(request.path).refuse(core, _domain_error(error))
    return response


def _domain_error(error: Exception) -> GatepassError:
    """The service's own error for whatever was raised."""
    if isinstance(error, GatepassError):
        return error
    if isinstance(error, MethodNotAllowed):
        return WrongMethod(request.path, tuple(sorted(error.valid_methods or ())))
    if isinstance(error, HTTPException) and error.code == 404:
        return UnknownPath(request.path)
    logs.unforeseen(error)
    return Unforeseen()


def _normalize_path_and_host(wsgi: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """WSGI middleware. It collapses doubled slashes (`//v1//oauth/`), as Apache does, and replaces a malformed Host.

    Werkzeug would redirect the one and refuse the other. On many phones such a login is lost.
    """

    def middleware(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        environ["PATH_INFO"] = re.sub("/{2,}", "/", environ.get("PATH_INFO", ""))
        if not _HOST.fullmatch(environ.get("HTTP_HOST", "")):
            environ["HTTP_HOST"] = "invalid"  # a reserved name (RFC 2606 2)
        return wsgi(environ, start_response)

    return middleware


_HOST: Final = re.compile(r"(?:(?:[\w-]{1,63}\.)*[\w-]{1,63}\.?|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?", re.ASCII)
