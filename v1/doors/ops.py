"""Endpoints for operators and monitoring: `/healthz`, `/readyz`, `/metrics`, `/openapi.json`.

Its prefix is the root, so it answers errors at every path that no other door has.
"""

from typing import Any, Final

from flask import Blueprint, Request, Response, json, request
from prometheus_client import CONTENT_TYPE_LATEST

from v1 import errors, resources
from v1.auth import guard
from v1.auth.core import Core
from v1.db import readiness
from v1.doors.error_answers import headers
from v1.observe import metrics

PREFIXES = ("",)
OPENAPI: Final = resources.folder("docs") / "openapi.json"

CODES: Final = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    409: "conflict",
    413: "too_large",
    415: "bad_request",
    429: "too_many_requests",
    503: "unavailable",
}
"""The `error` of an answer, by its status. Any other status is a `server_error`."""


def blueprint(core: Core) -> Blueprint:
    """The door's paths. No token is needed."""
    door = Blueprint("ops", __name__)

    def healthz() -> Response:
        return answer({"status": "ok"})

    def readyz() -> Response:
        state, may_see = readiness.check(core.settings, core.hosts()), read(core, request)
        more: dict[str, Any] = {"hosts": state.hosts} if may_see and state.hosts else {}
        if state.problems:
            reasons = {"reasons": state.problems} if may_see else {}
            return answer({"status": "not ready", **reasons, **more}, 503)
        warnings = {"warnings": state.warnings} if may_see and state.warnings else {}
        return answer({"status": "ready", **warnings, **more})

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
    """Whether the caller may read the metrics and the reasons of `/readyz` (METRICS_ALLOW, LOCAL_METRICS)."""
    return guard.may_read_metrics(core.settings, request.environ)


def answer(data: dict[str, Any], status: int = 200) -> Response:
    """A JSON object."""
    return Response(json.dumps(data), status, content_type="application/json")


def refuse(core: Core, error: errors.GatepassError) -> Response:
    """`{"error": ..}`, with the status of the error."""
    response = answer({"error": CODES.get(error.status, "server_error")}, error.status)
    response.headers.update(headers(error, error.status))
    return response
