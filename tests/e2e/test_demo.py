"""The demo user of `make run` where other machines reach it: no well-known password is good there."""

from tests.conftest import add_user, build_core, environment
from tools import demo
from tools.private_server import Server
from v1.auth import accounts
from v1.auth.core import Core


def started(server: Server, host: str = "127.0.0.1") -> tuple[Core, str | None, str]:
    """A run at this address: its core, the demo user's password if it is known, and the welcome."""
    core = build_core(environment(server, HOST=host))
    password = demo.prepare(core)
    return core, password, "\n".join(demo.welcome(core.settings, password, "http://localhost/"))


def is_good(core: Core, password: str | None) -> bool:
    """Does the demo user log in with it?"""
    return bool(password) and core.passwords.check(str(password).encode(), accounts.find(core, demo.NAME).password).ok


def test_off_loopback_the_demo_user_has_a_random_password_that_is_printed_once(database: Server) -> None:
    core, password, welcome = started(database, "0.0.0.0")
    assert is_good(core, password) and not is_good(core, demo.PASSWORD)
    assert len(str(password)) >= 16 and f"password={password} " in welcome and demo.PASSWORD not in welcome
    assert "WARNING: " in welcome and "debug=1" in welcome
    for host in ("0.0.0.0", "127.0.0.1"):
        core, again, welcome = started(database, host)
        assert again == "" and is_good(core, password) and not is_good(core, demo.PASSWORD)
        assert "password=" not in welcome and "gatepass user passwd demo" in welcome
    assert "WARNING" not in welcome


def test_the_well_known_password_of_an_earlier_run_ends_off_loopback(database: Server) -> None:
    core, password, welcome = started(database, "localhost")
    assert password == demo.PASSWORD and is_good(core, password) and "WARNING" not in welcome
    core, password, _ = started(database, "0.0.0.0")
    assert is_good(core, password) and not is_good(core, demo.PASSWORD)


def test_a_disabled_demo_user_has_no_well_known_password_to_come_back_with(database: Server) -> None:
    core, _, _ = started(database)
    accounts.disable(core, demo.NAME)
    core, password, _ = started(database, "0.0.0.0")
    accounts.enable(core, demo.NAME)
    assert is_good(core, password) and not is_good(core, demo.PASSWORD)


def test_where_others_have_accounts_there_is_no_demo_user(database: Server) -> None:
    add_user(database, "somebody")
    core, password, welcome = started(database)
    assert password is None and accounts.find_by_name(core, demo.NAME.encode()) is None and "log in" not in welcome


def test_keys_are_made_off_loopback_unless_they_are_given(database: Server) -> None:
    for host, made in (("127.0.0.1", False), ("0.0.0.0", True)):
        settings = build_core(environment(database, HOST=host)).settings
        assert ("TOKEN_KEYS" in demo.keys(settings, {})) is made
        assert demo.keys(settings, {"TOKEN_KEYS": "given"}) == {"TOKEN_KEYS": "given"}
