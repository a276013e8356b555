"""Guesses at passwords, for the tests of the throttle: a service with limits, failures by the hundred, an attack."""

from collections.abc import Callable

from tests.conftest import Service, add_user
from tests.environments import UNTHROTTLED
from v1.auth import throttle
from v1.auth.login import login
from v1.db.tables.throttle_rows import ThrottleKeys
from v1.errors import Throttled, WrongCredentials
from v1.records import Client, Credentials, Issued, Principal, Token

MakeService = Callable[..., Service]

THROTTLED = dict.fromkeys(UNTHROTTLED, "")
"""All limits at their defaults: an empty setting is none."""

HOME, AWAY = "192.0.2.1", "198.51.100.1"
DELAYS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]


def limited(make_service: MakeService, **limits: str) -> Service:
    """A service with a user `admin` and these limits; without any, all at their defaults."""
    service = make_service(**(limits or THROTTLED))
    add_user(service.server, "admin")
    return service


def guess(service: Service, name: str | bytes = "admin", address: str = AWAY, password: str = "wrong") -> str:
    """How a login ends: `in`, `wrong`, or `wait`, the seconds, and the key that says so."""
    name = name if isinstance(name, bytes) else name.encode()
    try:
        login(service.core, "oauth", Credentials(name, password.encode()), Client("device", address, "agent"), nothing)
    except WrongCredentials:
        return "wrong"
    except Throttled as refusal:
        return f"wait {refusal.retry_after} {refusal.scope}"
    return "in"


def nothing(principal: Principal) -> Issued:
    """What these logins are for: whether they come so far."""
    return Issued("", Token(0, principal.user_id, "mobile", None, "", "", 0, 0, 0))


def sign_in(service: Service, name: str = "admin", address: str = HOME) -> None:
    """From now on the user holds a token from there."""
    form = {"username": name, "password": "password"}
    answer = service.client.post("/v1/oauth/", data=form, environ_base={"REMOTE_ADDR": address})
    assert answer.json["success"]


def rows(service: Service, columns: str = "*") -> list[str]:
    return service.server.sql(f"SELECT {columns} FROM login_throttle ORDER BY scope, address", "gatepass").splitlines()


def fail(service: Service, times: int, name: str = "", address: str = "") -> None:
    """So many failures of this account or of many, from this address or from many: each pair fails once."""
    user = service.core.tables.users.find(name.encode())
    limits = throttle.limits(service.core.settings)
    for number in range(times):
        account = (user.id, "") if user else (0, throttle.digest(b"%d" % number))
        keys = ThrottleKeys(*account, address or f"10.1.{number // 250}.{number % 250}")
        service.core.tables.login_throttle.count(keys, limits, service.clock())


def attack(service: Service) -> None:
    """A thousand failures in five seconds, and eight guesses from four IPv6 networks, each at another name."""
    for _ in range(5):
        service.clock.now += 1
        fail(service, 200)
    for number in range(8):
        guess(service, f"nobody{number}", f"2001:db8:0:{number % 4:x}::{number:x}")
