"""JSON-RPC: each call gets its own answer, in the form that the specification says."""

import json
from contextlib import suppress
from typing import Any

from tests.fuzzing import made
from v1.errors import MalformedRequest
from v1.wire import jsonrpc, strict_json
from v1.wire.jsonrpc import INVALID_REQUEST, MAX_CALLS, METHOD_NOT_FOUND, Params, Response, RpcError

SEEDS = (
    b'{"jsonrpc": "2.0", "method": "echo", "params": [1], "id": 1}',
    b'[{"jsonrpc": "2.0", "method": "echo", "params": {"a": 1}, "id": "x"}, {"jsonrpc": "2.0", "method": "echo"}, 1]',
    b'{"jsonrpc": "2.0", "method": "nothing", "id": null}',
    b'{"jsonrpc": "1.0", "method": "echo", "id": true}',
    b"[]",
    b"[" + b",".join([b"1"] * 51) + b"]",
)
WORDS = (b'"jsonrpc": "2.0"', b'"method": "echo"', b'"params":', b'"id":', b"null", b"true", b"1.5", b"{", b"}", b",")


def run(method: str, params: Params) -> Any:
    if method != "echo":
        raise RpcError(METHOD_NOT_FOUND)
    return params


def check(data: bytes) -> None:
    with suppress(MalformedRequest):
        answered(strict_json.loads(data))
    half = len(data) // 2
    one, other = made.value(data[:half]), made.value(data[half:])
    call = {"jsonrpc": "2.0", "method": "echo", "params": one, "id": other}
    answered([call, one, {**call, "params": {}}, {"jsonrpc": "2.0", "method": other}, other])
    answered(one)


def answered(body: Any) -> None:
    """Each call of this body gets what it is to get."""
    answer = jsonrpc.handle(body, run)
    calls = body if isinstance(body, list) else [body]
    if isinstance(body, list) and not 1 <= len(body) <= MAX_CALLS:
        assert isinstance(answer, Response) and answer.error and answer.error.code == INVALID_REQUEST
        return
    answers = answer if isinstance(answer, list) else [answer] if answer else []
    assert isinstance(answer, list) == (isinstance(body, list) and bool(answers))
    asking = [call for call in calls if not is_notification(call)]
    assert len(answers) == len(asking)
    for call, each in zip(asking, answers, strict=True):
        answers_call(call, json.loads(json.dumps(each.members())))


def is_call(value: Any) -> bool:
    """Section 4 of the specification."""
    return (
        isinstance(value, dict)
        and value.get("jsonrpc") == "2.0"
        and isinstance(value.get("method"), str)
        and isinstance(value.get("params", []), list | dict)
        and (value.get("id") is None or is_id(value["id"]))
    )


def is_id(value: Any) -> bool:
    return type(value) in (str, int, float)


def is_notification(value: Any) -> bool:
    return is_call(value) and "id" not in value


def answers_call(call: Any, answer: dict[str, Any]) -> None:
    """Section 5 of the specification."""
    assert answer["jsonrpc"] == "2.0" and len(answer) == 3
    given = call.get("id") if isinstance(call, dict) else None
    assert repr(answer["id"]) == repr(given if is_id(given) else None)
    if not is_call(call):
        assert answer["error"]["code"] == INVALID_REQUEST
    elif call["method"] != "echo":
        assert answer["error"]["code"] == METHOD_NOT_FOUND
    else:
        assert repr(answer["result"]) == repr(call.get("params", {}))
