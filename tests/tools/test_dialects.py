"""The crash load tells an answer in the dialect of its door from any other."""

import json

import pytest

from tools.cluster.http_client import Answer
from tools.crash import dialects
from tools.crash.dialects import BAD_AT_CHECK, FOREIGN, INTERNAL, LATER, Judge, StrictLedger, judged

PHP = {"message": "m", "type": "ServerSideException", "code": "5501"}
RPC = {"jsonrpc": "2.0", "id": 1, "error": {"code": -32002, "message": "Service unavailable"}}


@pytest.mark.parametrize(
    "judge, status, body, meaning",
    [
        (dialects.envelope, 200, {"success": False, "errors": PHP}, LATER),
        (dialects.envelope, 401, {"success": False, "errors": PHP | {"code": "1403"}}, BAD_AT_CHECK),
        (dialects.envelope, 200, {"success": False, "errors": {"code": "5501"}}, FOREIGN),
        (dialects.envelope, 200, {"success": True, "errors": PHP}, FOREIGN),
        (dialects.devicehive, 503, {"error": 503, "message": "m"}, LATER),
        (dialects.devicehive, 503, {"error": 500, "message": "m"}, FOREIGN),
        (dialects.oauth, 500, {"error": "server_error", "error_description": "d"}, INTERNAL),
        (dialects.oauth, 200, {"error": "server_error", "error_description": "d"}, FOREIGN),
        (dialects.rpc, 400, RPC, LATER),
        (dialects.rpc, 400, {**RPC, "result": None}, FOREIGN),
    ],
)
def test_an_error_means_what_its_document_says(judge: Judge, status: int, body: dict, meaning: int) -> None:
    assert judged(Answer(status, json.dumps(body)), judge).status == meaning


@pytest.mark.parametrize("judge", [dialects.envelope, dialects.devicehive, dialects.oauth, dialects.rpc])
def test_html_and_no_json_object_are_in_no_dialect(judge: Judge) -> None:
    for body in ("<html>", "[]", "", "null", "5"):
        assert judged(Answer(500, body), judge).status == FOREIGN
    assert judged(Answer(0), judge).status == 0


@pytest.mark.parametrize("status, meaning", [(204, 200), (403, BAD_AT_CHECK), (503, LATER), (404, FOREIGN)])
def test_the_stream_check_answers_by_its_status_alone(status: int, meaning: int) -> None:
    assert judged(Answer(status), dialects.bodiless).status == meaning
    assert judged(Answer(status, "<html>"), dialects.bodiless).status == FOREIGN


def test_only_later_an_internal_error_and_no_answer_may_be_failures() -> None:
    book = StrictLedger()
    for status in (0, LATER, INTERNAL, FOREIGN, dialects.REFUSED, 502):
        assert not book.login(Answer(status), None, "")
    assert (book.counts["failed"], book.counts["foreign"], book.counts["wrong"]) == (6, 1, 2)
