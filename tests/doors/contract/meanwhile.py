"""What a login promises when its user or the database changes between the proof of the password and the token."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import Service
from tests.doors.contract.failures import exchange, expect
from tests.doors.contract.login_door import LoginDoor, logins_counted, outcomes, tokens_kept
from v1.db.tables.tokens import Tokens

DISABLED = "UPDATE users SET password = CONCAT('!', password)"


class MeanwhilePromises(LoginDoor):
    """A login is good only if its password still is when the token is there."""

    def test_a_password_that_is_changed_meanwhile_opens_nothing(
        self, service: Service, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        expect(self.is_token, self.use(service, "admin:password"), "before the change")
        service.server.sql("DELETE FROM auth_tokens", "gatepass")
        before_the_token(monkeypatch, lambda: set_password(service, "another one"))
        response = self.use(service, "admin:password")
        expect(self.is_token, response, "the password was changed before the token was there", wanted=False)
        assert tokens_kept(service) == 0, exchange(response)
        assert "Set-Cookie" not in response.headers, exchange(response)
        assert outcomes(service) == "failed 1 ok 1"

    def test_another_hash_of_the_same_password_changes_nothing(
        self, service: Service, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Another login may have hashed it anew."""
        before_the_token(monkeypatch, lambda: set_password(service, "password"))
        expect(self.is_token, self.use(service, "admin:password"), "the password is the same")
        assert tokens_kept(service) > 0
        assert outcomes(service) == "ok 1"

    def test_a_user_who_is_disabled_meanwhile_is_a_failed_login(
        self, service: Service, lines: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before_the_token(monkeypatch, lambda: service.server.sql(DISABLED, "gatepass"))
        response = self.use(service, "admin:password")
        expect(self.is_token, response, "the user was disabled before the token was there", wanted=False)
        assert tokens_kept(service) == 0, exchange(response)
        assert not [line for line in lines if '"login.ok"' in line]
        assert [line for line in lines if '"login.failed"' in line and '"reason": "disabled"' in line]
        assert outcomes(service) == "failed 1"

    def test_a_login_whose_token_cannot_be_written_is_no_success(self, service: Service, lines: list[str]) -> None:
        before = logins_counted()
        service.server.sql("ALTER TABLE auth_tokens ADD CONSTRAINT read_only CHECK (LENGTH(auth_key) < 0)", "gatepass")
        try:
            response = self.use(service, "admin:password")
        finally:
            service.server.sql("ALTER TABLE auth_tokens DROP CONSTRAINT read_only", "gatepass")
        expect(self.is_database_down, response, "the token was not written")
        assert not [line for line in lines if '"login.ok"' in line or '"token.issued"' in line]
        assert [line for line in lines if '"login.failed"' in line and '"reason": "error"' in line]
        assert outcomes(service) == "error 1" and logins_counted() - before == {"error": 1}


def before_the_token(monkeypatch: pytest.MonkeyPatch, happen: Callable[[], object]) -> None:
    """Let this happen once the password is proved, and before the row of the first token is written."""
    add = Tokens.add

    def late(self: Tokens, *values: Any) -> int | None:
        monkeypatch.setattr(Tokens, "add", add)
        happen()
        return add(self, *values)

    monkeypatch.setattr(Tokens, "add", late)


def set_password(service: Service, password: str) -> None:
    hashed = service.core.passwords.hash(password.encode())
    service.server.sql(f"UPDATE users SET password = '{hashed.decode()}'", "gatepass")
