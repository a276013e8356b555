"""Direct views: a view answers the POSTs to its paths before Flask sees them.

Flask's routing, contexts and hooks take 0.3 ms of processor time, a fifth of what a login takes beside its hash
(bench/results.md).
"""

import time
from collections.abc import Callable, Iterable
from typing import Any

from flask import Blueprint, Request, Response

from v1.errors import GatepassError, Unforeseen
from v1.observe import logs
from v1.observe.metrics import request_seconds

View = Callable[[Request], Response]
"""Answers a request. May raise any error."""

Refuse = Callable[[GatepassError], Response]

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


def serve(door: Blueprint, paths: Iterable[str], view: View, refuse: Refuse) -> Blueprint:
    """Add this view to the blueprint, at each path with and without a slash at the end, and return the blueprint.

    Flask has rules for these paths, but no view. So it answers all other methods.
    """
    both = [path + slash for path in paths for slash in ("", "/")]
    for path in both:
        door.add_url_rule(path, "post", methods=["POST"])
    door.record_once(lambda state: _put_before(state.app, frozenset(both), view, refuse))
    return door


def _put_before(app: Any, paths: frozenset[str], view: View, refuse: Refuse) -> None:
    app.wsgi_app = _middleware(app.wsgi_app, paths, view, refuse)


def _middleware(wsgi: Wsgi, paths: frozenset[str], view: View, refuse: Refuse) -> Wsgi:
    """Answers POSTs to these paths, and leaves all else to `wsgi`."""

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path not in paths or environ["REQUEST_METHOD"] != "POST":
            return wsgi(environ, start_response)
        started = time.perf_counter()
        request_id = logs.begin(environ.get("HTTP_X_REQUEST_ID", ""))
        response = _respond(environ, view, refuse)
        about = [("Cache-Control", "no-store"), ("Pragma", "no-cache"), ("X-Request-Id", request_id)]
        start_response(response.status, [*response.headers, *about])
        seconds = time.perf_counter() - started
        request_seconds.labels(path, str(response.status_code)).observe(seconds)
        logs.access("POST", path, response.status_code, seconds)
        return [response.get_data()]

    return answer


def _respond(environ: dict[str, Any], view: View, refuse: Refuse) -> Response:
    """The view's answer, or the door's answer to what the view raised. An error nobody foresaw is logged."""
    try:
        return view(Request(environ, populate_request=False))
    except GatepassError as error:
        return refuse(error)
    except Exception as error:
        logs.unforeseen(error)
        return refuse(Unforeseen())
