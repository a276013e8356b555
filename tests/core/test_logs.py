"""Pins the log: one JSON object a line whatever a request holds, and no exception's own text."""

import json
import logging

import pytest

from v1 import logs
from v1.logs import JsonLines


def line(**extra: object) -> dict:
    record = logging.getLogger("v1").makeRecord("v1", logging.INFO, "f", 1, "hello", (), None, extra=extra)
    return json.loads(JsonLines().format(record))


def test_a_line_has_its_time_in_utc_and_only_known_fields() -> None:
    found = line(event="x", user_id=7, password="secret", body="secret")
    assert found["time"].endswith("Z") and (found["event"], found["user_id"], found["message"]) == ("x", 7, "hello")
    assert "secret" not in json.dumps(found)


def test_a_path_with_a_newline_stays_in_its_line() -> None:
    record = logging.getLogger("v1").makeRecord("v1", 20, "f", 1, "m", (), None, extra={"path": '/v1/a\n{"x":1}\udcff'})
    text = JsonLines().format(record)
    assert "\n" not in text and json.loads(text)["path"].startswith("/v1/a\n")


def test_an_exception_is_named_without_its_text() -> None:
    try:
        raise ValueError("the password was hunter2")
    except ValueError as error:
        record = logging.getLogger("v1").makeRecord(
            "v1", 40, "f", 1, "m", (), (type(error), error, error.__traceback__)
        )
    text = JsonLines().format(record)
    assert "hunter2" not in text
    assert json.loads(text)["exception"] == "ValueError" and "test_logs.py" in json.loads(text)["at"][0]


@pytest.mark.parametrize("offered", ["a", "A-b_c.9", "x" * 64])
def test_a_well_formed_request_id_is_kept(offered: str) -> None:
    assert logs.choose_request_id(offered) == offered


@pytest.mark.parametrize("offered", ["", "a b", "a\n", "ü", "x" * 65, '"', "a/b"])
def test_any_other_request_id_is_replaced(offered: str) -> None:
    chosen = logs.choose_request_id(offered)
    assert chosen != offered and len(chosen) == 32
