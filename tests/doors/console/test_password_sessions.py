"""What becomes of the sessions when somebody changes their password, and of a change that was not the only one."""

import pytest

from tests.conftest import Service
from tests.doors.console.pages_read import beside, notice
from tests.doors.console.signed_in import Browser, goes_to, is_sign_in, signed_in, tokens_of, visitor
from tests.doors.console.test_password import DONE, NEW, WRONG, change, is_good
from tests.doors.kinds import KINDS, mint
from v1.auth import accounts
from v1.db.pool import Database
from v1.errors import DatabaseDown
from v1.passwords.hashes import Passwords


@pytest.mark.parametrize("others", ["1", "", None])
def test_the_other_devices_are_signed_out_where_that_was_asked_for(service: Service, others: str | None) -> None:
    browser = signed_in(service)
    tokens = {kind: mint(service, kind) for kind in KINDS}
    answer = change(browser, **({} if others is None else {"others": others}))
    assert goes_to(answer, DONE + "-others" if others else DONE)
    assert browser.get(answer.headers["Location"]).status_code == 200, "this one stays"
    left = service.server.sql("SELECT kind FROM auth_tokens ORDER BY id", "gatepass").split()
    devices = {"mobile", "console", "jwt_access", "jwt_refresh", "management"} if others else set()
    expected = ["console", *(row for kind in tokens for row in rows_of(kind) if row not in devices)]
    assert sorted(left) == sorted(expected)


@pytest.mark.parametrize("others", ["1", ""])
def test_a_copy_of_the_cookie_is_worth_nothing_afterwards(service: Service, browser: Browser, others: str) -> None:
    before, copy = browser.token, visitor(service)
    copy.client.set_cookie("gatepass", before)
    (cookie,) = change(browser, others=others).headers.getlist("Set-Cookie")
    assert cookie == f"gatepass={browser.token}; HttpOnly; Path=/; SameSite=Lax" and browser.token != before
    assert is_sign_in(copy.get("/console/profile/")) and tokens_of(service, "console") == [browser.session]


def test_a_password_that_was_changed_meanwhile_is_not_written_over(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, hash_ = signed_in(service), Passwords.hash

    def slow(self: Passwords, password: bytes) -> bytes:
        """An operator's verb is quicker."""
        monkeypatch.setattr(Passwords, "hash", hash_)
        accounts.set_password(service.core, "admin", b"somebody else's")
        return hash_(self, password)

    monkeypatch.setattr(Passwords, "hash", slow)
    answer = change(browser)
    assert (answer.status_code, beside(answer, "current")) == (403, WRONG)
    assert is_good(service, "somebody else's") and not is_good(service, NEW)


def rows_of(kind: str) -> list[str]:
    """The kinds of the rows that minting one of this kind leaves."""
    pair = {"jwt_access": ["jwt_refresh", "jwt_access"], "jwt_refresh": ["jwt_refresh", "jwt_access"]}
    return pair.get(kind, [kind.partition(":")[0]])


def test_a_database_that_goes_away_afterwards_leaves_the_new_password_and_says_what_is_left_to_do(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, write = signed_in(service), Database.write
    mint(service, "mobile")

    def failing(self: Database, name: str, /, **values: object) -> object:
        if name.startswith("auth_tokens."):
            raise DatabaseDown(2013, "lost")
        return write(self, name, **values)

    with monkeypatch.context() as patch:
        patch.setattr(Database, "write", failing)
        answer = change(browser, others="1")
    assert goes_to(answer, "/console/devices/?done=password-half")
    said = notice(browser.get(answer.headers["Location"]))
    assert said.startswith("Your password was changed, but the other devices may still be signed in")
    assert is_good(service, NEW) and len(tokens_of(service, "mobile")) == 2, "the phone, and this login"
