"""What a failed promise of a door says: which check, where it stands, what was asked and what came back."""

import re

import pytest
from _pytest.assertion.rewrite import AssertionRewritingHook
from werkzeug.test import TestResponse

from tests.architecture import source
from tests.conftest import Service
from tests.doors import kinds
from tests.doors.contract import texts
from tests.doors.contract.door import Door
from tests.doors.contract.failures import alike, expect
from tests.doors.mobile.test_oauth import log_in
from tests.e2e import faults


def is_never(response: TestResponse) -> bool:
    return response.status_code == 0


def is_unreadable(response: TestResponse) -> bool:
    return bool(response.json["missing"])


@pytest.mark.parametrize("check, said", [(is_never, "False"), (is_unreadable, "KeyError: 'missing'")])
def test_a_failed_promise_has_the_check_the_request_and_the_answer(service: Service, check, said: str) -> None:
    response = log_in(service, password="wrong")
    with pytest.raises(pytest.fail.Exception) as failed:
        expect(check, response, "it is never so")
    message = str(failed.value)
    assert message.startswith("it is never so\n")
    place = rf"{check.__name__} \(tests/doors/test_failures.py:\d+\)"
    assert re.search(rf"^{place} should be True and is {said}:$", message, re.MULTILINE)
    for part in ("POST /v1/oauth/", "username=admin&password=wrong", "200 OK", '"code": "1142"'):
        assert part in message


def test_a_check_by_status_shows_the_doors_own_words(service: Service) -> None:
    class Own(Door):
        def is_error(self, response: TestResponse, status: int) -> bool:
            return response.status_code == status

    with pytest.raises(pytest.fail.Exception, match=r"503\)\n.*Own\.is_error \(tests/doors/test_failures\.py:\d+\):\n"):
        expect(Own().is_database_down, log_in(service), "it is down")


def test_answers_that_should_be_alike_are_told_apart_by_their_names() -> None:
    alike({"unknown": ("401", b"no"), "revoked": ("401", b"no")})
    with pytest.raises(pytest.fail.Exception, match=r"revoked: b'gone'\n +unknown: b'no'$"):
        alike({"unknown": ("401", b"no"), "revoked": ("401", b"gone")})


def test_asserts_in_helper_modules_are_rewritten() -> None:
    """As those in tests are, by tests/__init__.py: a failed one shows the values that it compared."""
    for module in (texts, kinds, faults, source):
        assert isinstance(module.__loader__, AssertionRewritingHook), module
