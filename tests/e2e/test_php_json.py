"""PHP reads every answer of the door and would have written the very same bytes with JSON_PRETTY_PRINT."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Service
from tests.doors.every_error import EVERY, make
from v1 import errors
from v1.doors.error_answers import entry
from v1.doors.mobile import envelope, oauth
from v1.records import Issued, Token
from v1.wire.php_json import encode

FORM = "application/x-www-form-urlencoded"

NASTY = [
    *("", "plain", "a/b", "</script>", "//", "\\/", "\\\\/", '"', "'", "\\", "\\\\", "&<>", "\x7f", "a\x7fb"),
    *("\x7f\x7f", "\\\x7f", "\\\\\x7f", "\\u007f", "\\\\u007f", "\\\\\\u007f", "\x7fu007f"),
    *("\\u2028", "u007f", "\\\x7f\\u007f\x7f\\", "\u2028\u2029", "\ufeff", "\ufffd", "\uffff", "\ud7ff\ue000"),
    *("".join(map(chr, range(32))), "\t\n\r\b\f\v\x00\x1f", "\x80\x9f\xa0\xad\xff", "é", "ß", "ñ", "€"),
    *("🔑", "👨‍👩‍👧", "\U00010000\U0010ffff", "日本語", "e\u0301", "\u202eright", "x" * 5000),
]
VALUES = [
    *(NASTY, {"empty": [], "none": None, "object": {}, "nested": [[{}], {"a": [[]]}]}, [], {}, [None, True, False]),
    *([0, -1, 2**31, 2**53, 2**63 - 1, -(2**63)], {text: text for text in NASTY if not text.startswith("\0")}),
]


def refusals() -> list[errors.GatepassError]:
    """An error of every class, with nasty text wherever it can carry some."""
    text = " ".join(NASTY)
    carried: dict[type[errors.GatepassError], list[errors.GatepassError]] = {
        errors.WrongCredentials: [
            errors.WrongCredentials("username", text.encode()),
            errors.WrongCredentials("username", bytes(range(256))),
            errors.WrongCredentials("password"),
            errors.WrongCredentials("disabled"),
        ],
        errors.MalformedRequest: [errors.MalformedRequest(text)],
        errors.UnknownPath: [errors.UnknownPath(f"/v1/{text}")],
        errors.WrongMethod: [errors.WrongMethod(f"/v1/{text}", ("GET",)), errors.WrongMethod("/v1/oauth/", ("POST",))],
        errors.MissingValue: [errors.MissingValue(text)],
        errors.DatabaseDown: [errors.DatabaseDown(2013, text)],
        errors.Throttled: [errors.Throttled(60)],
    }
    return [error for kind in EVERY for error in carried.get(kind) or [make(kind)]]


@pytest.fixture
def php_reads(run_php: Callable[..., str], service: Service, tmp_path: Path) -> Callable[[list[bytes]], list[dict]]:
    """For each document what PHP's json_decode makes of it, and what json_encode makes of that."""

    def read(documents: list[bytes]) -> list[dict]:
        (tmp_path / "documents").write_text(json.dumps([each.hex() for each in documents]))
        return json.loads(run_php("json.php", service.server, FILE=str(tmp_path / "documents")))

    return read


def test_php_writes_the_same_bytes_for_every_value(php_reads: Callable[[list[bytes]], list[dict]]) -> None:
    values: list[Any] = [*NASTY, *VALUES]
    documents = [encode(value) for value in values]
    for value, document, read in zip(values, documents, php_reads(documents), strict=True):
        assert bytes.fromhex(read["pretty"]) == document
        assert read["value"] == value


@pytest.mark.parametrize("debug", [False, True])
@pytest.mark.parametrize("status", ["php", "http"])
def test_php_reads_every_answer_of_the_door(
    make_service: Callable[..., Service], php_reads: Callable[[list[bytes]], list[dict]], status: str, debug: bool
) -> None:
    service = make_service(ERROR_STATUS=status)
    with service.app.test_request_context("/v1/oauth/"):
        responses = [oauth.refuse(service.core, refusal, debug) for refusal in refusals()]
        responses.append(oauth.answer(Issued("6a93" * 10, Token(1, 1, "mobile", None, "", "", 0, 0, 1_501_257_349))))
    documents = [response.get_data() for response in responses]
    for document, read in zip(documents, php_reads(documents), strict=True):
        assert bytes.fromhex(read["pretty"]) == document
        assert read["value"] == json.loads(document)
    assert {json.loads(document)["errors"]["code"] for document in documents[:-1]} == {
        entry(error, envelope.ERRORS).code for error in refusals()
    }
    assert sum(b'"debug"' in document for document in documents) == (4 if debug else 0)


def test_php_reads_answers_as_they_come_over_the_wire(
    service: Service, php_reads: Callable[[list[bytes]], list[dict]]
) -> None:
    client = service.client
    good = {"username": "admin", "password": "password"}
    answers = [client.post("/v1/oauth/", data=good)]
    answers += [client.post("/v1/oauth/", data={**good, "username": name, "debug": "1"}) for name in NASTY]
    answers += [client.post("/v1/oauth/", data=b"username=%ff%fe&password=x&debug=1", content_type=FORM)]
    answers += [client.get(f"/v1/{path}") for path in ("no/such", "%ff%fe", "%7f%E2%80%A8", "a%22b%5C", "%F0%9F%94%91")]
    answers += [client.get("/v1/oauth/"), client.post("/v1/oauth/", data=b"x" * 20_000, content_type=FORM)]
    documents = [answer.get_data() for answer in answers]
    for document, read in zip(documents, php_reads(documents), strict=True):
        assert bytes.fromhex(read["pretty"]) == document
        assert read["value"] == json.loads(document)
    assert {answer.status_code for answer in answers} == {200}
    assert [answer.get_json()["debug"]["username"] for answer in answers[1 : len(NASTY) + 1]] == [
        f"There is no user {name}" for name in NASTY
    ]
