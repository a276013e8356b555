"""A password hash which another program makes cheaper again is rehashed once, and not at every login."""

from tests.auth.test_throttle import MakeService
from tests.conftest import COST_4, Service, add_user
from tests.doors.mobile.test_oauth import code, log_in
from tests.doors.test_login_events import events


def stored(service: Service) -> str:
    return service.server.sql("SELECT LEFT(password, 7), rehash_cost FROM users", "gatepass").strip()


def come_back(service: Service, password: str = COST_4) -> None:
    """What PHP's password_needs_rehash() and password_hash() make of it."""
    service.server.sql(f"UPDATE users SET password = '{password}'", "gatepass")


def test_a_row_that_comes_back_cheaper_stays_so_and_the_log_says_why(
    make_service: MakeService, lines: list[str]
) -> None:
    service = make_service(BCRYPT_COST="5")
    add_user(service.server, "admin")
    for _ in range(2):
        assert code(log_in(service)) is None
        assert stored(service) == "$2y$05$\t5"
    come_back(service)
    for _ in range(3):
        assert code(log_in(service)) is None
        assert stored(service) == "$2y$04$\t5"
    service.core.write_behind.write()
    assert len(events(lines, "password.rehash_undone")) == 1


def test_a_cost_that_was_raised_since_is_written_once_more(make_service: MakeService) -> None:
    add_user(make_service().server, "admin")
    assert code(log_in(make_service(BCRYPT_COST="5"))) is None
    come_back(make_service())
    service = make_service(BCRYPT_COST="6")
    for expected in ("$2y$06$\t6", "$2y$04$\t6"):
        assert code(log_in(service)) is None
        assert stored(service) == expected
        come_back(service)


def test_a_password_that_is_set_anew_is_not_a_rehash(make_service: MakeService) -> None:
    service = make_service(BCRYPT_COST="5")
    user_id = add_user(service.server, "admin")
    service.core.tables.users.set_password(user_id, COST_4.encode())
    assert stored(service) == "$2y$04$\t0"
    assert code(log_in(service)) is None and stored(service) == "$2y$05$\t5"
