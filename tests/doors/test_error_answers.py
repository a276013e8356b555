"""Pins how a door finds its words for an error, and which headers an answer to it has."""

import pytest

from v1 import errors
from v1.doors.error_answers import ErrorEntry, bearer_challenge, entry, headers
from v1.errors import GatepassError


class Invented(errors.AlreadyExists):
    message = "This was invented."


def test_an_entry_is_the_errors_own_where_the_door_says_nothing() -> None:
    assert entry(errors.Busy(), {}) == ErrorEntry(503, "temporarily_unavailable", errors.Busy.message)
    assert entry(errors.MissingValue("a is required", ("a",)), {}).message == "a is required"
    assert entry(GatepassError(), {}) == ErrorEntry(500, "server_error", "")


def test_a_doors_words_for_a_class_are_those_for_all_below_it_but_the_nearest_decides() -> None:
    rows = {errors.BadRequest: ErrorEntry(422, "bad"), errors.AlreadyExists: ErrorEntry(message="Taken.")}
    assert entry(errors.MissingValue("x"), rows) == ErrorEntry(422, "bad", "x")
    assert entry(Invented(), rows) == ErrorEntry(409, "invalid_request", "Taken.")
    assert entry(Invented(), {}).message == "This was invented."


@pytest.mark.parametrize(
    ("error", "status", "expected"),
    [
        (errors.MissingToken(), 401, {"WWW-Authenticate": "Bearer"}),
        (errors.MissingToken(), 200, {}),
        (errors.WrongMethod("/x", ("GET", "HEAD")), 405, {"Allow": "GET, HEAD"}),
        (errors.WrongMethod("/x", ("GET", "HEAD")), 200, {}),
        (errors.DatabaseDown(2003, "x"), 200, {"Retry-After": "5"}),
        (errors.Throttled(77), 429, {"Retry-After": "77"}),
        (errors.Busy(), 503, {"Retry-After": "2"}),
        (errors.BodyTooLarge(), 413, {"Connection": "close"}),
        (errors.NotFound(), 404, {}),
    ],
    ids=str,
)
def test_an_answer_has_the_headers_of_its_error_and_status(
    error: GatepassError, status: int, expected: dict[str, str]
) -> None:
    assert headers(error, status) == expected


def test_a_401_has_the_challenge_of_its_door_or_none() -> None:
    assert headers(errors.InvalidToken(), 401, bearer_challenge(errors.InvalidToken())) == {
        "WWW-Authenticate": 'Bearer error="invalid_token"'
    }
    assert bearer_challenge(errors.MissingToken()) == "Bearer"
    assert headers(errors.WrongCredentials("password"), 401, "") == {}
