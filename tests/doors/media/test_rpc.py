"""`POST /api/` as JSON-RPC 2.0, beyond its recorded answers: statuses, request objects, ids, batches, bare results."""

import json
from typing import Any

import pytest

from tests.conftest import Service
from tests.doors.contract import DEAD, MakeService
from tests.doors.media.rpc_calls import STRANGER, api, call, code, fault, notification, post, request, result, rows

API, ACCESS, CHECK = "Auth.CreateApiToken", "Auth.CreateAccessToken", "Auth.CheckAccessToken"


@pytest.mark.parametrize(
    ("body", "more", "expected", "status"),
    [
        (b"{", {}, -32700, 400),
        (1, {}, -32600, 400),
        ({"jsonrpc": "1.0", "method": API}, {}, -32600, 400),
        (request("Auth.Nothing"), {}, -32601, 400),
        (request(API), {}, -32602, 400),
        (request(ACCESS, ["cam1"]), {}, -32001, 401),
        (request(API, [0]), {"environ_overrides": STRANGER}, -32003, 403),
        (b" " * 65_537, {}, -32600, 413),
    ],
    ids=["no JSON", "no object", "1.0", "no such method", "no ttl", "no token", "not local", "too large"],
)
def test_an_error_has_its_code_and_status_400_or_with_error_status_http_its_own(
    make_service: MakeService, body: Any, more: dict[str, Any], expected: int, status: int
) -> None:
    number = 1 if isinstance(body, dict) and "id" in body else None
    for mode in ("php", "http"):
        answer = post(make_service(ERROR_STATUS=mode), body, **more)
        assert code(answer, number) == expected
        assert answer.status_code == (status if mode == "http" else 400)
        assert answer.headers.get("WWW-Authenticate") == ("Bearer" if answer.status_code == 401 else None)


@pytest.mark.parametrize(("mode", "status"), [("php", 400), ("http", 503)])
def test_a_database_that_is_down_gives_retry_after(make_service: MakeService, mode: str, status: int) -> None:
    service = make_service(ERROR_STATUS=mode, **DEAD)
    answer = call(service, API, [0])
    assert (code(answer), answer.status_code, answer.headers["Retry-After"]) == (-32002, status, "5")
    batch = post(service, [request(API, [0]), request("x", number=2), notification(API, [0])])
    assert (batch.status_code, batch.headers["Retry-After"]) == (200, "5")
    assert [fault(batch.json[0]), fault(batch.json[1], 2)] == [-32002, -32601]
    assert post(service, notification(API, [0])).status_code == 204
    assert code(call(service, API, environ_overrides=STRANGER)) == -32003, "this needs no database"


def test_an_unforeseen_error_of_one_call_leaves_the_others_of_its_batch(
    service: Service, monkeypatch: pytest.MonkeyPatch, lines: list[str]
) -> None:
    def broken(*_: Any) -> int:
        raise RuntimeError("secret-detail")

    monkeypatch.setattr("v1.db.tables.tokens.Tokens.add", broken)
    batch = post(service, [request("x"), request(API, [0], "b"), notification(API, [0])])
    assert batch.status_code == 200
    assert [fault(batch.json[0]), fault(batch.json[1], "b")] == [-32601, -32603]
    assert post(service, notification(API, [0])).data == b""
    assert "secret-detail" not in batch.text + "".join(lines)
    assert sum('"exception": "RuntimeError"' in line for line in lines) == 3


def test_an_id_comes_back_as_it_was_sent(service: Service) -> None:
    for number in ("", "a", "é\ud800\0", 0, 1, -7, 2**63, 10**100, 1.5, -0.25, None):
        assert result(post(service, request(API, [60], number)), number).startswith("gpa_")
        assert code(post(service, request("x", number=number)), number) == -32601
        assert code(post(service, {**request("x", number=number), "jsonrpc": "1.0"}), number) == -32600


def test_an_id_of_another_type_is_refused_under_the_id_null(service: Service) -> None:
    for number in (True, False, {}, {"id": 1}, [], [1]):
        assert code(post(service, request(API, [60], number)), None) == -32600
    assert rows(service) == []


def test_an_invalid_request_object_is_refused(service: Service) -> None:
    for value in (None, True, 2.0, 1, "2", "", "x", [], {}):
        assert code(post(service, request(API, [60]) | {"jsonrpc": value})) == -32600
        named = isinstance(value, str)
        assert code(post(service, request(API, [60]) | {"method": value})) == (-32601 if named else -32600)
        listed = isinstance(value, list | dict)
        assert code(post(service, request(API, [60]) | {"params": value})) == (-32602 if listed else -32600)
    for name, expected in (("jsonrpc", -32600), ("method", -32600), ("params", -32602)):
        short = {key: value for key, value in request(API, [60]).items() if key != name}
        assert code(post(service, short)) == expected
    assert rows(service) == []
    assert result(post(service, request(API, [60]) | {"more": {}})).startswith("gpa_")


def test_a_body_of_another_type_is_read_as_json(service: Service) -> None:
    raw = json.dumps(request(API, [60], "é"), ensure_ascii=False).encode()
    for kind in ("", "x", "text/plain;charset=UTF-8", "multipart/form-data; boundary=B", "application/json;charset=x"):
        assert result(post(service, raw, content_type=kind), "é").startswith("gpa_")


def test_bare_results_are_the_result_alone_and_errors_stay_objects(make_service: MakeService) -> None:
    service = make_service(RPC_BARE_RESULTS="1")
    made = call(service, API, {"ttl": 0})
    assert (made.status_code, made.headers["Content-Type"]) == (200, "application/json")
    assert rows(service) == ["api"] and isinstance(made.json, str)
    opened = call(service, ACCESS, {"stream": "cam1", "live": True}, made.json)
    checked = call(service, CHECK, {"token": opened.json, "stream": "cam1", "action": "live"}, made.json)
    assert list(checked.json) == ["allowed", "expires"] and checked.json["allowed"] is True
    assert code(call(service, API)) == -32602
    batch = post(service, [request(API, [60])])
    assert list(batch.json[0]) == ["jsonrpc", "result", "id"], "whose answer is whose, only the id tells"
    assert post(service, notification(API, [60])).status_code == 204


def test_50_calls_are_a_batch_and_51_or_none_are_one_error_and_no_token(service: Service) -> None:
    calls = [request(API, [60], number) for number in range(51)]
    for each in (calls, [], [notification(API, [60])] * 51):
        refused = post(service, each)
        assert (refused.status_code, code(refused, None)) == (400, -32600)
    assert rows(service) == []
    answer = post(service, calls[:50])
    assert answer.status_code == 200 and [each["id"] for each in answer.json] == list(range(50))
    assert len({each["result"] for each in answer.json}) == 50
    assert rows(service) == ["api"] * 50


def test_a_notification_is_run_and_not_answered_even_if_it_fails(service: Service) -> None:
    caller = api(service)
    good, bad = notification(API, [60]), notification("Auth.Nothing", [])
    refused = [notification(ACCESS, [""]), notification(API, {}), notification(CHECK, [])]
    for body in (good, bad, *refused, [good], [good, bad, *refused]):
        answer = post(service, body, caller)
        assert (answer.status_code, answer.data) == (204, b"")
        assert "Content-Type" not in answer.headers and answer.headers["Cache-Control"] == "no-store"
    assert rows(service) == ["api"] * 4


def test_a_batch_asks_a_database_that_is_down_once(make_service: MakeService, lines: list[str]) -> None:
    """One that hangs would hold the thread for minutes: 50 calls and any well-formed token are all that it takes."""
    service = make_service(**DEAD)
    calls = [request(ACCESS, ["cam1"], number) for number in range(20)]
    answer = post(service, calls, "gpa_" + "0" * 40 + "4cMan1")
    assert [fault(each, number) for number, each in enumerate(answer.json)] == [-32002] * 20
    assert sum('"event": "database.error"' in line for line in lines) == 1
