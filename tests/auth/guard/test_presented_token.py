"""Pins that each check of a token is counted by its outcome."""

import pytest

from tests.conftest import NOW, Service
from v1.auth import guard
from v1.errors import InvalidToken, MissingToken
from v1.observe import metrics

TOKEN = "ab" * 20


def test_a_check_is_counted_by_its_outcome(service: Service) -> None:
    def count(outcome: str) -> float:
        return metrics.token_checks.labels(outcome)._value.get()

    before = {outcome: count(outcome) for outcome in ("missing", "invalid", "ok")}
    service.server.sql(
        "INSERT INTO auth_tokens (auth_key, user_id, creation_time, expiry, last_access, device_info)"
        f" SELECT SHA1('{TOKEN}'), id, {NOW}, {NOW + 9}, {NOW}, 'x' FROM users",
        "gatepass",
    )
    with pytest.raises(MissingToken):
        guard.authorize(service.core, {}, ("mobile",))
    with pytest.raises(InvalidToken):
        guard.authorize(service.core, {"HTTP_AUTHORIZATION": "Token x"}, ("mobile",))
    principal, proof = guard.authorize(service.core, {"HTTP_AUTHORIZATION": "Token " + TOKEN}, ("mobile",))
    assert (principal.username, proof.kind, proof.expiry) == ("admin", "mobile", NOW + 9)
    assert {outcome: count(outcome) - number for outcome, number in before.items()} == dict.fromkeys(before, 1)
