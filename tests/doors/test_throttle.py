"""A throttled login on the wire: one answer for all reasons, one SELECT, and which address it is."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from werkzeug.test import TestResponse

from tests.auth.guessing import AWAY, HOME, THROTTLED, MakeService, limited, rows
from tests.conftest import NOW, Service, add_user
from tests.doors.mobile.test_oauth import code
from tests.e2e.faults import until, while_hashing
from tests.passwords.test_hashing_threads import waiting
from v1.db.pool import Database


def post(
    service: Service, password: str = "wrong", name: str = "admin", address: str = AWAY, forwarded: str = ""
) -> TestResponse:
    form, headers = {"username": name, "password": password}, {"X-Forwarded-For": forwarded} if forwarded else {}
    return service.client.post("/v1/oauth/", data=form, headers=headers, environ_base={"REMOTE_ADDR": address})


def codes(service: Service, times: int, **fields: str) -> list[str | None]:
    return [code(post(service, **fields)) for _ in range(times)]


def work(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the service does from now on: its statements by name, those of write-behind left out, and its hashes."""
    done: list[str] = []

    def noting(way: Callable[..., object]) -> Callable[..., object]:
        def noted(database: Database, name: str, /, **values: object) -> object:
            if name != "login_stats.add":
                done.append(name)
            return way(database, name, **values)

        return noted

    for way in (Database.read, Database.write):
        monkeypatch.setattr(Database, way.__name__, noting(way))
    while_hashing(monkeypatch, lambda: done.append("hash"))
    return done


def test_a_throttled_login_is_5501_with_the_seconds_to_wait(make_service: MakeService) -> None:
    service = limited(make_service)
    assert codes(service, 6) == ["1142"] * 6
    answer = post(service, "password")
    assert (code(answer), answer.headers["Retry-After"]) == ("5501", "1")
    assert answer.json["errors"]["type"] == "ServerSideException"
    service.clock.now = NOW + 1
    assert codes(service, 1) == ["1142"]


def test_the_answer_is_the_same_for_every_key_and_for_known_unknown_and_disabled_users(
    make_service: MakeService,
) -> None:
    answers, keys = set(), {"PAIR": "1", "ADDRESS": "2", "ACCOUNT": "2"}
    add_user(limited(make_service).server, "out", "!")
    for key, limit in keys.items():
        service = make_service(**{f"THROTTLE_{key}": limit}, THROTTLE_ADDRESS_SECONDS="1")
        for name in ("admin", "nobody", "out", "ad\0min"):
            codes(service, 2, name=name)
            for password in ("password", "wrong"):
                answer = post(service, password, name)
                assert code(answer) == "5501"
                headers = tuple((each, text) for each, text in answer.headers if each not in ("Date", "X-Request-Id"))
                answers.add((answer.status, headers, answer.data))
            service.server.sql("DELETE FROM login_throttle", "gatepass")
    assert len(answers) == 1


def test_a_refused_try_costs_one_select_and_no_hash(make_service: MakeService, monkeypatch: pytest.MonkeyPatch) -> None:
    service = limited(make_service)
    codes(service, 6)
    codes(service, 6, name="nobody")
    done = work(monkeypatch)
    for name, password in (("admin", "wrong"), ("admin", "password"), ("nobody", "wrong")):
        assert code(post(service, password, name)) == "5501"
    assert done == ["login.find"] * 3


def test_a_failure_is_one_select_one_hash_and_one_write(
    make_service: MakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = limited(make_service)
    post(service)
    done = work(monkeypatch)
    for name in ("admin", "nobody"):
        post(service, name=name)
    assert done == ["login.find", "hash", "login_throttle.count"] * 2


def test_a_success_writes_nothing_but_its_token_unless_there_were_failures(
    make_service: MakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = limited(make_service)
    post(service, address=HOME)
    done = work(monkeypatch)
    for address, cleared in ((AWAY, []), (HOME, ["login_throttle.clear"]), (HOME, [])):
        assert code(post(service, "password", address=address)) is None
        assert done == ["login.find", "hash", *cleared, "auth_tokens.add", "users.password"]
        done.clear()


def test_a_failure_that_cannot_be_counted_is_5501_and_tells_nothing(make_service: MakeService) -> None:
    service = limited(make_service)
    broken = "CREATE TRIGGER broken BEFORE INSERT ON login_throttle FOR EACH ROW SIGNAL SQLSTATE '45000'"
    service.server.sql(broken, "gatepass")
    try:
        answers = [post(service, name=name) for name in ("admin", "nobody")]
        assert list(map(code, answers)) == ["5501"] * 2
        assert answers[0].data == answers[1].data and answers[0].headers["Retry-After"]
        assert code(post(service, "password")) is None
    finally:
        service.server.sql("DROP TRIGGER broken", "gatepass")


@pytest.mark.parametrize(
    "guesses, same, others",
    [
        (
            [f"2001:db8:0:1:{number:x}::1" for number in range(6)],
            ["2001:db8:0:1::", "2001:DB8:0:1:ffff:ffff:ffff:ffff", "2001:db8:0:1::1%eth0"],
            ["2001:db8:0:2::1", "2001:db8:0:0:ffff:ffff:ffff:ffff", "32.1.13.184"],
        ),
        (["198.51.100.9", "::ffff:198.51.100.9"] * 3, ["198.51.100.9", "::ffff:c633:6409"], ["::ffff:198.51.100.10"]),
        ([""] * 6, [""], [AWAY]),
    ],
    ids=["a /64 of IPv6", "IPv4 in IPv6", "a socket without addresses"],
)
def test_what_counts_as_one_address(
    make_service: MakeService, guesses: list[str], same: list[str], others: list[str]
) -> None:
    service = limited(make_service)
    for wanted, addresses in (("1142", guesses), ("5501", same), ("1142", others)):
        assert [code(post(service, address=address)) for address in addresses] == [wanted] * len(addresses)
    assert "address\t" not in rows(service, "scope, address"), "no address is none"


@pytest.mark.parametrize(
    "home, there, elsewhere",
    [
        ("2001:db8:0:1::1", "2001:db8:0:1:ffff::2", "2001:db8:0:2::1"),
        ("192.0.2.1", "::ffff:192.0.2.1", "192.0.2.2"),
        ("::ffff:192.0.2.1", "192.0.2.1", "::192.0.2.1"),
    ],
)
def test_the_exemption_is_for_the_network_where_the_token_was_issued(
    make_service: MakeService, home: str, there: str, elsewhere: str
) -> None:
    service = limited(make_service, THROTTLE_ACCOUNT="2", THROTTLE_EVERYONE="2")
    assert code(post(service, "password", address=home)) is None
    codes(service, 2)
    assert code(post(service, "password", address=there)) is None
    assert code(post(service, "password", address=elsewhere)) == "5501"


def test_behind_a_trusted_proxy_the_forwarded_address_is_counted(make_service: MakeService) -> None:
    service = limited(make_service, **THROTTLED, TRUSTED_PROXIES="10.0.0.0/8")
    given = {"address": "10.0.0.1", "forwarded": f"{HOME}, {AWAY}"}
    assert codes(service, 7, **given) == ["1142"] * 6 + ["5501"]
    assert codes(service, 1, address="10.0.0.2", forwarded=AWAY) == ["5501"], "another proxy, the same client"
    assert codes(service, 1, address="10.0.0.1", forwarded=HOME) == ["1142"]


def test_a_crowd_that_stands_in_line_together_learns_no_more_than_one_after_the_other(
    make_service: MakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All were let in before the first failure was counted; the right password is among them, as the last."""
    service = limited(make_service, **THROTTLED, HASH_THREADS="1", HASH_WAIT_SECONDS="60")
    answers: list[str | None] = []
    hashed = iter(range(20))

    def one_by_one() -> None:
        """The first hash begins when all are in line, each further one when the one before was answered."""
        number = next(hashed)
        until(lambda: len(answers) >= number and (number or waiting() == 19), "it is this one's turn")

    def guess(password: str) -> None:
        form = {"username": "admin", "password": password}
        answers.append(code(service.app.test_client().post("/v1/oauth/", data=form)))

    while_hashing(monkeypatch, one_by_one)
    with ThreadPoolExecutor(20) as pool:
        for number, password in enumerate(["wrong"] * 19 + ["password"]):
            pool.submit(guess, password)
            until(lambda number=number: number == 19 or waiting() == number, "it is in line")
    assert answers == ["1142"] * 6 + ["5501"] * 14
    assert rows(service, "failures") == ["6"] * 4


def test_a_pair_that_a_token_made_signs_nobody_in_from_there(make_service: Callable[..., Service]) -> None:
    """Else the thief of an access token would guess on where everybody else must wait."""
    service = limited(make_service, THROTTLE_ACCOUNT="2")
    home = {"REMOTE_ADDR": HOME}
    fields = {"login": "admin", "password": "password"}
    access = service.client.post("/token", json=fields, environ_base=home).json["accessToken"]
    user_id = int(service.server.sql("SELECT id FROM users", "gatepass"))
    headers = {"Authorization": f"Bearer {access}"}
    away = {"REMOTE_ADDR": AWAY}
    made = service.client.post("/token/create", json={"userId": user_id}, headers=headers, environ_base=away)
    assert made.status_code == 201
    assert codes(service, 4, address=AWAY)[-1] == "5501"
    assert code(post(service, "password", address=AWAY)) == "5501"
    assert code(post(service, "password", address=HOME)) is None, "from where the login came they are exempt"
