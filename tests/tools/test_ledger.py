"""The ledger counts every broken promise, and nothing else: a checker that cannot fail would be worthless."""

import pytest

from tools.cluster.http_client import Answer
from tools.cluster.ledger import Ledger, Promise, joined

GOOD, BAD, DOWN, NONE = Answer(200), Answer(401), Answer(503), Answer(0)


def breaches(book: Ledger) -> dict[str, int]:
    return {kind: book.counts[kind] for kind in ("lost", "revived", "wrong") if book.counts[kind]}


def logged_in() -> Ledger:
    book = Ledger()
    assert book.login(GOOD, "a", "")
    return book


def revoked() -> Ledger:
    book = logged_in()
    assert book.revoke("a", GOOD, revoked=True, code="")
    return book


def unanswered() -> Ledger:
    """A ledger whose token may be good or dead: its revocation was sent, and not answered."""
    book = logged_in()
    assert not book.revoke("a", NONE, revoked=False, code="")
    assert book.tokens == {"a": Promise.NOTHING}
    return book


@pytest.mark.parametrize(
    "book, answer, expected",
    [
        (logged_in(), GOOD, {}),
        (logged_in(), BAD, {"wrong": 1}),
        (logged_in(), DOWN, {}),
        (logged_in(), NONE, {}),
        (logged_in(), Answer(500), {"wrong": 1}),
        (revoked(), BAD, {}),
        (revoked(), GOOD, {"revived": 1}),
        (revoked(), DOWN, {}),
        (unanswered(), GOOD, {}),
        (unanswered(), BAD, {}),
    ],
)
def test_a_check_breaks_a_promise(book: Ledger, answer: Answer, expected: dict[str, int]) -> None:
    book.check("a", answer)
    assert breaches(book) == expected
    assert len(book.examples) == len(expected)


@pytest.mark.parametrize(
    "book, answer, expected",
    [
        (logged_in(), GOOD, {}),
        (logged_in(), BAD, {"lost": 1}),
        (logged_in(), DOWN, {"lost": 1}),
        (logged_in(), NONE, {"lost": 1}),
        (revoked(), BAD, {}),
        (revoked(), GOOD, {"revived": 1}),
        (revoked(), DOWN, {"revived": 1}),
        (unanswered(), GOOD, {}),
        (unanswered(), BAD, {}),
    ],
)
def test_afterwards_every_node_must_say_what_was_promised(
    book: Ledger, answer: Answer, expected: dict[str, int]
) -> None:
    book.afterwards("a", answer, "Gatepass node 2")
    assert breaches(book) == expected


@pytest.mark.parametrize(
    "answer, code, expected",
    [
        (DOWN, "", {}),
        (NONE, "", {}),
        (Answer(200), "5501", {}),
        (Answer(200), "1142", {"wrong": 1}),
        (Answer(200), "", {"wrong": 1}),
        (Answer(500), "5404", {"wrong": 1}),
    ],
)
def test_a_login_with_the_right_password_may_only_be_put_off(
    answer: Answer, code: str, expected: dict[str, int]
) -> None:
    book = Ledger()
    assert not book.login(answer, None, code)
    assert (breaches(book), book.counts["failed"]) == (expected, 1)


def test_a_good_token_that_cannot_be_revoked_because_it_is_bad_is_a_wrong_answer() -> None:
    book = logged_in()
    assert not book.revoke("a", Answer(200), revoked=False, code="1403")
    assert breaches(book) == {"wrong": 1}


def test_the_ledgers_of_all_clients_are_joined() -> None:
    one, other = logged_in(), Ledger()
    other.login(GOOD, "b", "")
    other.check("b", BAD)
    whole = joined([one, other])
    assert (set(whole.tokens), whole.counts["logins"], breaches(whole)) == ({"a", "b"}, 2, {"wrong": 1})
