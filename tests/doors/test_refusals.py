"""How every door answers every error, at every path: with the headers that belong to it, and with no detail."""

from typing import cast

import pytest
from flask import Response

from tests.conftest import Service
from tests.doors.contract import MakeService
from tests.doors.every_error import EVERY, NUMBER, SECRET, make
from v1 import errors
from v1.doors import DOORS, Door
from v1.doors.error_answers import ErrorEntry, entry
from v1.errors import BodyTooLarge, GatepassError


class Invented(GatepassError):
    """An error that no door has heard of."""

    status, code, message = 418, "invented", "This was invented."


@pytest.mark.parametrize("mode", ["php", "http"])
@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_a_door_answers_every_error_and_one_that_it_has_never_heard_of(
    make_service: MakeService, door: Door, mode: str
) -> None:
    service = make_service(ERROR_STATUS=mode)
    for path in paths(service, door):
        for error in (*map(make, EVERY), Invented()):
            answer = answer_of(service, door, path, error)
            assert answer.status_code == 200 or 300 < answer.status_code < 600, error
            assert answer.data or answer.status_code == 303 or answer.headers["Content-Length"] == "0", error
            assert tells_nothing(answer), error
            assert answer.headers.get("Retry-After", "0") == str(error.retry_after), error
            assert (answer.headers.get("Allow", "")[:3] == "GET") is (answer.status_code == 405), error
            assert not isinstance(error, BodyTooLarge) or answer.headers["Connection"] == "close", error


def tells_nothing(answer: Response) -> bool:
    written = answer.get_data(as_text=True) + str(answer.headers)
    return SECRET not in written and str(NUMBER) not in written


def answer_of(service: Service, door: Door, path: str, error: GatepassError) -> Response:
    """What the door answers there. That of a pre-Flask endpoint is a tuple."""
    with service.app.test_request_context(path, method="POST"):
        answer = door.refuse(service.core, error)
    if isinstance(answer, Response):
        return answer
    status, headers, body = answer
    return Response(body, status, headers)


def paths(service: Service, door: Door) -> set[str]:
    """What the door serves, with 7 for every id and name, and below each prefix a path at which there is nothing."""
    if not door.PREFIXES:
        return set(cast(tuple[str, ...], getattr(door, "PATHS")))
    name = door.blueprint(service.core).name
    rules = [rule for rule in service.app.url_map.iter_rules() if rule.endpoint.split(".")[0] == name]
    assert rules
    with service.app.test_request_context():
        served = {rule.build({each: 7 for each in rule.arguments})[1] for rule in rules}
    return served | {f"{prefix}/nothing" for prefix in door.PREFIXES}


class NameTaken(errors.AlreadyExists):
    message = "This was invented."


def test_an_entry_is_the_errors_own_where_the_door_says_nothing() -> None:
    assert entry(errors.Busy(), {}) == ErrorEntry(503, "temporarily_unavailable", errors.Busy.message)
    assert entry(errors.MissingValue("a is required", ("a",)), {}).message == "a is required"
    assert entry(GatepassError(), {}) == ErrorEntry(500, "server_error", "")


def test_a_doors_words_for_a_class_are_those_for_all_below_it_but_the_nearest_decides() -> None:
    rows = {errors.BadRequest: ErrorEntry(422, "bad"), errors.AlreadyExists: ErrorEntry(message="Taken.")}
    assert entry(errors.MissingValue("x"), rows) == ErrorEntry(422, "bad", "x")
    assert entry(NameTaken(), rows) == ErrorEntry(409, "invalid_request", "Taken.")
    assert entry(NameTaken(), {}).message == "This was invented."
