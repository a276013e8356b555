"""How a door finds its words for an error: those for the nearest class, else the error's own."""

from v1 import errors
from v1.doors.error_answers import ErrorEntry, entry
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
