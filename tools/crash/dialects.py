"""Judges an answer in the dialect of its door: good, bad, "later", or not in the dialect at all (contracts 1 to 5).

A judged answer has the status that its document means, whatever the status of HTTP was.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from tools.cluster.http_client import Answer
from tools.cluster.ledger import BAD_AT_CHECK, Ledger

LATER, INTERNAL, REFUSED, FOREIGN = 503, 500, 400, 999
"""What an error means: try again later; an internal error; anything else in the dialect; and no error of this door."""

MOBILE_CODES: Final = {"5501": LATER, "5404": INTERNAL, "1403": BAD_AT_CHECK, "1190": BAD_AT_CHECK}
RPC_CODES: Final = {-32002: LATER, -32603: INTERNAL, -32001: BAD_AT_CHECK}

Judge = Callable[[Answer], int]
"""What an error of one door means."""


class StrictLedger(Ledger):
    """A ledger for clients that ask Gatepass itself: only "later", an internal error and no answer may be failures."""

    def _refused(self, request: str, answer: Answer, code: str) -> None:
        self.counts["failed"] += 1
        self.counts[f"failed {request}s: {answer.status or 'no answer'}"] += 1
        if answer.status == FOREIGN:
            self._breach("foreign", f"a {request} was answered in no dialect of its door: {answer.body!r}")
        elif answer.status not in (0, LATER, INTERNAL):
            self._breach("wrong", f"a {request} was answered {answer}")


def judged(answer: Answer, judge: Judge) -> Answer:
    """A failure with the status that it means; no answer stays none."""
    if not answer.status:
        return answer
    meaning = judge(answer)
    return Answer(meaning, answer.body if meaning != FOREIGN else f"{answer.status} {answer.body}")


def document(answer: Answer) -> dict[str, Any]:
    """The JSON object in the body, or an empty one."""
    try:
        found = json.loads(answer.body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def envelope(answer: Answer) -> int:
    """An error of the mobile door: the PHP envelope."""
    found = document(answer)
    error = found.get("errors")
    whole = found.keys() == {"success", "errors"} and found["success"] is False and isinstance(error, Mapping)
    if not whole or error.keys() != {"message", "type", "code"}:  # type: ignore[union-attr]
        return FOREIGN
    return MOBILE_CODES.get(error["code"], REFUSED)  # type: ignore[index]


def devicehive(answer: Answer) -> int:
    """An error of DeviceHive's door: a flat object that repeats the status."""
    found = document(answer)
    whole = found.keys() == {"error", "message"} and found["error"] == answer.status
    return _by_status(answer.status) if whole else FOREIGN


def oauth(answer: Answer) -> int:
    """An error in the form of RFC 6749 5.2, as the management API and the revocation answer it."""
    whole = document(answer).keys() == {"error", "error_description"} and answer.status >= 400
    return _by_status(answer.status) if whole else FOREIGN


def rpc(answer: Answer) -> int:
    """An error response of JSON-RPC 2.0."""
    found = document(answer)
    error = found.get("error")
    if found.keys() != {"jsonrpc", "error", "id"} or not isinstance(error, Mapping) or "message" not in error:
        return FOREIGN
    return RPC_CODES.get(error.get("code", 0), REFUSED)


def bodiless(answer: Answer) -> int:
    """A status of `/stream/check`, which never has a body."""
    known = {204: 200, 403: BAD_AT_CHECK, 503: LATER, 500: INTERNAL}
    return FOREIGN if answer.body else known.get(answer.status, FOREIGN)


def _by_status(status: int) -> int:
    return status if status in (LATER, INTERNAL, BAD_AT_CHECK) else REFUSED
