"""Strict JSON, as every door that takes JSON reads it, by the bodies that `/api/` refuses and reads."""

import json

from tests.conftest import Service
from tests.doors.media.rpc_calls import code, fault, post, request, result, rows

GOOD = b'{"jsonrpc": "2.0", "method": "Auth.CreateApiToken", "params": {"ttl": 60}, "id": 1}'
MOST = 64 * 1024


def with_id(text: str) -> bytes:
    return GOOD.replace(b'"id": 1', b'"id": ' + text.encode())


NO_JSON = {
    "empty": b"",
    "blank": b" \r\n\t",
    "cut off": GOOD[:-1],
    "more behind it": GOOD + b" 1",
    "single quotes": GOOD.replace(b'"', b"'"),
    "byte order mark": b"\xef\xbb\xbf" + GOOD,
    "UTF-16": GOOD.decode().encode("utf-16"),
    "latin1": with_id('"é"').decode().encode("latin1"),
    "a surrogate in UTF-8": with_id('"x"').replace(b'"x"', b'"\xed\xa0\x80"'),
    "NUL": GOOD + b"\0",
    "a control character": with_id('"a\nb"'),
    "NaN": with_id("NaN"),
    "Infinity": with_id("Infinity"),
    "minus Infinity": with_id("-Infinity"),
    "1e400": with_id("1e400"),
    "-1e400": with_id("-1e400"),
    "5,000 digits": with_id("9" * 5000),
    "a member twice": GOOD.replace(b"{", b'{"id": 1, ', 1),
    "a member twice by an escape": GOOD.replace(b"{", b'{"m\\u0065thod": "x", ', 1),
    "a parameter twice": GOOD.replace(b'"ttl": 60', b'"ttl": 60, "ttl": 60'),
    "a member twice in a batch": b"[" + GOOD + b', {"a": 1, "a": 1}]',
    "10,000 deep": b"[" * 10_000 + b"]" * 10_000,
    "10,000 objects deep": b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    "10,000 deep in a parameter": GOOD.replace(b"60", b"[" * 10_000 + b"]" * 10_000),
    "64 KiB of open arrays": b"[" * MOST,
}


def test_a_body_that_is_not_json_is_a_parse_error_with_id_null_and_creates_no_token(service: Service) -> None:
    for name, body in NO_JSON.items():
        assert len(body) <= MOST
        answer = post(service, body)
        assert (answer.status_code, code(answer, None)) == (400, -32700), name
    assert rows(service) == []


def test_deeply_nested_json_is_read_or_refused_at_every_depth(service: Service) -> None:
    for depth in (10, 100, *range(700, 1010, 7)):
        deep = "[" * depth + "]" * depth
        objects = '{"stream":' * depth + "1" + "}" * depth
        for body in (deep, objects, f"[{deep}]", *(with_id(each).decode() for each in (deep, objects))):
            answer = post(service, body.encode())
            found = answer.json if isinstance(answer.json, list) else [answer.json]
            assert {fault(each, each["id"]) for each in found} <= {-32700, -32600}, depth
        for params in (deep, objects, f'{{"ttl": {deep}}}', f'{{"stream": "a", "Token": {objects}}}'):
            answer = post(service, GOOD.replace(b'{"ttl": 60}', params.encode()))
            assert fault(answer.json, answer.json["id"]) in (-32700, -32602, -32001), depth
    assert rows(service) == []


def test_large_numbers_are_read(service: Service) -> None:
    for text, number in (("9" * 4300, 10**4300 - 1), ("1e308", 1e308), ("1E-400", 0.0), ("-0", 0), ("1.0", 1.0)):
        assert result(post(service, with_id(text)), number).startswith("gpa_")
    for text in ("1e5", "60.0", "0.0", "-0.0", "1E-400"):
        assert result(post(service, GOOD.replace(b"60", text.encode()))).startswith("gpa_"), text
    for text in ("1" * 4300, "1e308", "60.5", "-1.0"):
        assert code(post(service, GOOD.replace(b"60", text.encode()))) == -32602, text


def test_a_body_of_64_kib_is_read_and_a_byte_more_is_too_large(service: Service) -> None:
    padded = GOOD + b" " * (MOST - len(GOOD))
    assert result(post(service, padded)).startswith("gpa_")
    refused = post(service, padded + b" ")
    assert (code(refused, None), refused.headers["Connection"]) == (-32600, "close")
    many = json.dumps([request("Auth.CreateApiToken", {"ttl": 60}, "x" * 1200)] * 50).encode()
    assert len(many) < MOST and len(post(service, many).json) == 50
    assert rows(service) == ["api"] * 51
