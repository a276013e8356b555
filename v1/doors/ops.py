"""Owns what operators and their machines look at: `/healthz`, `/readyz`, `/metrics`, `/openapi.json`.

Its prefix is the root: what no other door has is answered in its words.
"""

from typing import Any, Final

from flask import Blueprint, Request, Response, json, request
from prometheus_client import CONTENT_TYPE_LATEST

from v1 import errors, resources
from v1.auth import guard
from v1.auth.core import Core
from v1.db import readiness
from v1.observe import metrics

PREFIXES = ("",)
OPENAPI: Final = resources.folder("docs") / "openapi.json"

ERRORS: Final[dict[type[errors.GatepassError], tuple[int, str]]] = {
    errors.WrongCredentials: (401, "unauthorized"),
    errors.MissingCredentials: (401, "unauthorized"),
    errors.MissingToken: (401, "unauthorized"),
    errors.InvalidToken: (401, "unauthorized"),
    errors.AccessDenied: (403, "forbidden"),
    errors.MalformedRequest: (400, "bad_request"),
    errors.UnsupportedMediaType: (415, "bad_request"),
    errors.BodyTooLarge: (413, "too_large"),
    errors.UnknownPath: (404, "not_found"),
    errors.WrongMethod: (405, "method_not_allowed"),
    errors.MissingValue: (400, "bad_request"),
    errors.NotFound: (404, "not_found"),
    errors.AlreadyExists: (409, "conflict"),
    errors.Unforeseen: (500, "server_error"),
    errors.DatabaseDown: (503, "unavailable"),
    errors.Throttled: (429, "too_many_requests"),
    errors.Busy: (503, "unavailable"),
}


def blueprint(core: Core) -> Blueprint:
    """The door's paths. None of them needs a token; metrics and reasons are for callers of `read` alone."""
    door = Blueprint("ops", __name__)

    def healthz() -> Response:
        return answer({"status": "ok"})

    def readyz() -> Response:
        state = readiness.look(core.settings)
        near = read(core, request)
        if not state.problems:
            return answer({"status": "ready", **({"warnings": state.warnings} if near and state.warnings else {})})
        shown = {"reasons": state.problems} if near else {}
        return answer({"status": "not ready", **shown}, 503)

    def show_metrics() -> Response:
        if not read(core, request):
            raise errors.UnknownPath(request.path)
        return Response(metrics.render(), content_type=CONTENT_TYPE_LATEST)

    document = OPENAPI.read_bytes()

    def openapi() -> Response:
        return Response(document, content_type="application/json")

    door.add_url_rule("/healthz", "healthz", healthz)
    door.add_url_rule("/readyz", "readyz", readyz)
    door.add_url_rule("/metrics", "metrics", show_metrics)
    door.add_url_rule("/openapi.json", "openapi", openapi)
    return door


def read(core: Core, request: Request) -> bool:
    """May this caller see more than whether we live: a local one, or one of METRICS_ALLOW."""
    return guard.may_read_metrics(core.settings, request.environ)


def answer(data: dict[str, Any], status: int = 200) -> Response:
    """A JSON object."""
    return Response(json.dumps(data), status, content_type="application/json")


def refuse(core: Core, refusal: errors.GatepassError) -> Response:
    """`{"error": ..}` with a real status."""
    status, error = ERRORS[type(refusal)]
    response = answer({"error": error}, status)
    if isinstance(refusal, errors.WrongMethod):
        response.headers["Allow"] = ", ".join(refusal.allowed)
    if isinstance(refusal, errors.DatabaseDown | errors.Throttled | errors.Busy):
        response.headers["Retry-After"] = str(refusal.retry_after)
    return response
