"""The batches and notifications of `/api/`: JSON-RPC 2.0, sections 4.1 and 6."""

import pytest

from tests.conftest import Service
from tests.doors.contract import DEAD, MakeService
from tests.doors.media.rpc_calls import api, code, fault, notification, post, request, rows

API, ACCESS, CHECK = "Auth.CreateApiToken", "Auth.CreateAccessToken", "Auth.CheckAccessToken"


@pytest.fixture
def caller(service: Service) -> str:
    return api(service)


def test_a_batch_has_one_answer_for_each_call_in_order_and_is_200(service: Service, caller: str) -> None:
    invalid = [1, {"foo": "boo"}, [], "x", None, {"jsonrpc": "2.0", "method": 1, "id": 9}]
    calls = [request(API, [0], "a"), notification(API, [0]), request("x", number=2.5), *invalid, request(ACCESS, ["c"])]
    answer = post(service, calls, caller)
    assert (answer.status_code, len(answer.json)) == (200, 9)
    assert [each["id"] for each in answer.json] == ["a", 2.5, None, None, None, None, None, 9, 1]
    assert "result" in answer.json[0] and "result" in answer.json[-1]
    assert fault(answer.json[1], 2.5) == -32601
    assert {fault(each, None) for each in answer.json[2:7]} == {fault(answer.json[7], 9)} == {-32600}
    assert rows(service) == ["api", "api", "api", "stream"]


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


def test_a_notification_is_run_and_not_answered_even_if_it_fails(service: Service, caller: str) -> None:
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
