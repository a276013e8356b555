"""What every door promises, as classes that each door's tests subclass."""

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Response
from werkzeug.test import TestResponse

from tests.conftest import COST_4, Service, add_user
from tests.doors.kinds import mint
from tools.private_mariadb import Server
from v1.tokens.text import digest

MakeService = Callable[..., Service]

ODD_TEXTS = [
    *("x" * 200, "x" * 201, "x" * 256, "x" * 8000, "📱" * 200, "📱" * 201, "é" * 201, "\u202e\u200d\ufffe" * 100),
    *("", " ", "0", "<script>", "%s %(now)s", "';--", "a\tb", "\U000e0067", "e\u0301" * 101),
]
"""Names of devices and User-Agents: too long, or odd."""
DEAD = {"DATABASE_URL": "mysql://u:p@127.0.0.1:1/d"}  # a port where nothing listens


class DoorContract:
    """What every door promises. A subclass says how its dialect looks, and uses the door for what it is there for."""

    prefix: str
    broken: tuple[str, ...] = ("v1.db.tables.tokens.Tokens.check", "v1.db.tables.tokens.Tokens.find_live")
    """What must fail for an error that nobody foresaw."""

    def proof(self, service: Service) -> str:
        """What opens the door, made anew."""
        raise NotImplementedError

    def use(self, service: Service, proof: str) -> TestResponse:
        """Use the door with this proof."""
        raise NotImplementedError

    def is_opened(self, response: TestResponse) -> bool:
        raise NotImplementedError

    def is_refused(self, response: TestResponse) -> bool:
        """Is this the answer to a proof that is none?"""
        raise NotImplementedError

    def is_database_down(self, response: TestResponse) -> bool:
        raise NotImplementedError

    def is_unknown_path(self, response: TestResponse) -> bool:
        raise NotImplementedError

    def is_unforeseen(self, response: TestResponse) -> bool:
        raise NotImplementedError

    def test_the_right_proof_opens_it_and_no_other(self, service: Service) -> None:
        assert self.is_opened(self.use(service, self.proof(service)))
        assert self.is_refused(self.use(service, self.wrong_proof(service)))

    def wrong_proof(self, service: Service) -> str:
        """One that never was good: what a token looks like, and no more."""
        return "ab" * 20

    def test_a_dead_database_is_said_in_the_doors_own_words(self, service: Service, make_service: MakeService) -> None:
        proof = self.proof(service)
        response = self.use(make_service(**DEAD), proof)
        assert self.is_database_down(response)
        assert int(response.headers["Retry-After"]) > 0

    def test_an_unknown_path_is_said_in_the_doors_own_words(self, service: Service) -> None:
        for method in ("GET", "POST", "DELETE"):
            assert self.is_unknown_path(service.client.open(f"{self.prefix}/no/such/path", method=method))

    def test_an_error_nobody_foresaw_tells_nothing(
        self, service: Service, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        def broken(*_: Any) -> Any:
            raise RuntimeError("secret-detail")

        proof = self.proof(service)
        for name in self.broken:
            monkeypatch.setattr(name, broken)
        response = self.use(service, proof)
        assert self.is_unforeseen(response)
        assert b"secret-detail" not in response.data

    def test_nothing_is_stored_by_a_cache(self, service: Service) -> None:
        for proof in (self.proof(service), self.wrong_proof(service)):
            response = self.use(service, proof)
            assert response.headers["Cache-Control"] == "no-store"
            assert response.headers["Pragma"] == "no-cache"
            assert ("Set-Cookie" in response.headers) is self.sets_a_cookie(response)

    def sets_a_cookie(self, response: TestResponse) -> bool:
        """Only the console's cookie is a token."""
        return False

    def comparable(self, response: TestResponse, proof: str) -> tuple[object, ...]:
        """What must be alike where answers may not tell why a proof was refused."""
        return response.status, response.data, _stable_headers(response)

    def test_no_secret_reaches_the_log(self, service: Service, lines: list[str]) -> None:
        proof = self.proof(service)
        answer = self.use(service, proof)
        self.use(service, self.wrong_proof(service))
        service.client.get(f"{self.prefix}/nothing?password=hunter2-query&token={proof}")
        service.client.get(f"{self.prefix}/{proof}/nothing", headers={"X-Request-Id": proof[:64]})
        written = "\n".join(lines)
        digests = service.server.sql("SELECT auth_key FROM auth_tokens", "gatepass").split()
        assert written and digests
        for secret in ("hunter2", "password=", COST_4, *digests, *self.secrets(proof, answer)):
            assert secret not in written

    def test_any_user_agent_is_as_good_as_any_other(self, service: Service) -> None:
        for raw in (*(text.encode() for text in ODD_TEXTS), b"\xff\x80", b"\xed\xa0\x80", b"\xe9" * 256):
            proof = self.proof(service)
            service.client.environ_base["HTTP_USER_AGENT"] = raw.decode("latin1")
            assert self.is_opened(self.use(service, proof)), raw

    def secrets(self, proof: str, answer: TestResponse) -> list[str]:
        """What no line may hold: the proof, and whatever in the answer could be a token."""
        found = _texts(answer.get_json(silent=True) or answer.text.strip())
        return [text for text in (proof, *found) if _is_long(text)]


class TokenContract(DoorContract):
    """A door that a token opens: of that kind, of user `admin` or of a server."""

    kind: str

    def proof(self, service: Service) -> str:
        return mint(service, self.kind)

    def test_a_revoked_token_is_dead_and_no_answer_tells_why(self, service: Service) -> None:
        revoked, expired, disabled = (self.proof(service) for _ in range(3))
        change = "{} auth_tokens {} WHERE auth_key = '{}'"
        service.server.sql(change.format("DELETE FROM", "", digest(revoked)), "gatepass")
        service.server.sql(change.format("UPDATE", f"SET expiry = {service.clock()}", digest(expired)), "gatepass")
        proofs = [revoked, expired, self.wrong_proof(service), disabled]
        answers = [self.use(service, each) for each in proofs[:3]]
        assert self.is_opened(self.use(service, disabled))
        service.server.sql("UPDATE users SET password = CONCAT('!', password)", "gatepass")
        answers.append(self.use(service, disabled))
        assert all(map(self.is_refused, answers))
        assert len(set(map(self.comparable, answers, proofs))) == 1


class LoginContract(DoorContract):
    """A door at which a password is proved."""

    broken = ("v1.db.tables.users.Users.find_for_login",)
    wrong = ("nobody:password", "admin:wrong", "out:password", "admin:", "admin:password\0")
    """What is refused, whatever the reason: names and passwords."""

    def login(self, service: Service, username: str, password: str) -> TestResponse:
        raise NotImplementedError

    def is_token(self, response: TestResponse) -> bool:
        raise NotImplementedError

    def login_of_a_device(self, service: Service, device: str) -> TestResponse | None:
        """Log `admin` in on a device of that name; None where the wire has no field for it."""
        return None

    def test_a_device_name_is_kept_whole_or_refused_as_malformed(self, service: Service) -> None:
        for device in (*ODD_TEXTS, "a\0b", "a\nb"):
            service.server.sql("DELETE FROM auth_tokens", "gatepass")
            if (answer := self.login_of_a_device(service, device)) is None:
                return
            kept = service.server.sql("SELECT HEX(device_info) FROM auth_tokens", "gatepass")
            assert self.is_token(answer) is (len(device) <= 200), device
            assert kept == (device.encode().hex().upper() + "\n" if self.is_token(answer) else ""), device
            assert not self.is_database_down(answer) and "Retry-After" not in answer.headers, device

    def proof(self, service: Service) -> str:
        return "admin:password"

    def wrong_proof(self, service: Service) -> str:
        return "admin:hunter2-wrong"

    def use(self, service: Service, proof: str) -> TestResponse:
        return self.login(service, *proof.split(":"))

    def is_opened(self, response: TestResponse) -> bool:
        return self.is_token(response)

    def is_refused(self, response: TestResponse) -> bool:
        return not self.is_token(response)

    def secrets(self, proof: str, answer: TestResponse) -> list[str]:
        found = super().secrets("", answer)
        assert found, "the answer holds a token"
        return found

    def test_unknown_wrong_and_disabled_are_one_answer(self, service: Service) -> None:
        add_user(service.server, "out", "!" + COST_4)
        answers = [self.use(service, each) for each in self.wrong]
        assert len(set(map(self.comparable, answers, self.wrong))) == 1
        assert not self.is_token(answers[0])

    def test_a_refused_login_leaves_no_row(self, service: Service) -> None:
        self.login(service, "admin", "wrong")
        assert service.server.sql("SELECT COUNT(*) FROM auth_tokens", "gatepass") == "0\n"

    def test_a_login_is_counted_and_told_under_the_doors_own_name(self, service: Service, lines: list[str]) -> None:
        self.use(service, "admin:password")
        self.use(service, "admin:wrong")
        told = [json.loads(line) for line in lines if '"event": "login.' in line]
        assert [each["event"] for each in told] == ["login.ok", "login.failed"]
        assert len({each["door"] for each in told}) == 1
        service.core.write_behind.write()
        counted = service.server.sql("SELECT door, outcome, logins FROM login_stats ORDER BY outcome", "gatepass")
        door = told[0]["door"]
        assert counted == f"{door}\tfailed\t1\n{door}\tok\t1\n"

    def test_guessing_is_slowed_down_at_every_door_alike(self, make_service: MakeService) -> None:
        service = make_service(THROTTLE_PAIR="2")
        add_user(service.server, "admin")
        for _ in range(3):
            self.use(service, "admin:wrong")
        service.client.post("/v1/oauth/", data={"username": "admin", "password": "wrong"})
        response = self.use(service, "admin:password")
        assert not self.is_token(response) and int(response.headers["Retry-After"]) > 0

    def test_the_longest_name_reaches_the_database_no_longer_than_a_short_one(self, service: Service) -> None:
        """What the server does with a name may take more than linear time: it never gets a long one."""
        names = ["admin" + " " * 15_000, "a" * 15_000, "\u3000" * 1_500, "\u200b" * 1_500 + "admin"]
        with statements_logged(service.server) as seen:
            answers = [self.login(service, name, "password") for name in names]
        assert list(map(self.is_token, answers)) == [True, False, False, False], "spaces at the end mean nothing"
        assert max(map(len, seen)) < 4_000 < len(names[1])

    def test_from_an_address_over_its_limit_a_wrong_password_tells_nobody_who_is_signed_in_there(
        self, make_service: MakeService
    ) -> None:
        service = make_service(THROTTLE_PAIR="9", THROTTLE_ADDRESS="2", THROTTLE_ACCOUNT="9")
        add_user(service.server, "admin")
        add_user(service.server, "other")
        assert self.is_token(self.use(service, "admin:password"))
        for _ in range(2):
            self.use(service, "nobody:wrong")
        names = ("admin", "other", "nobody")
        answers = [self.use(service, f"{name}:wrong") for name in names]
        assert len({self.comparable(answer, f"{name}:wrong") for name, answer in zip(names, answers, strict=True)}) == 1
        assert answers[0].headers["Retry-After"] == "600"
        failures = "SELECT scope, failures FROM login_throttle WHERE user_id > 0 OR scope = 'address' ORDER BY scope"
        assert service.server.sql(failures, "gatepass") == "address\t2\npair\t1\n", "it counts for the pair alone"
        assert self.is_token(self.use(service, "admin:password"))


@contextmanager
def statements_logged(server: Server) -> Iterator[list[str]]:
    """What accounts of the service send to the server while the block runs; known afterwards."""
    found: list[str] = []
    server.sql("SET GLOBAL log_output = 'TABLE'; TRUNCATE mysql.general_log; SET GLOBAL general_log = ON")
    try:
        yield found
    finally:
        server.sql("SET GLOBAL general_log = OFF; SET GLOBAL log_output = 'FILE'")
    asked = "SELECT argument FROM mysql.general_log WHERE command_type IN ('Query', 'Execute')"
    found += server.sql(f"{asked} AND user_host LIKE 'gatepass%'").splitlines()


def _stable_headers(response: Response) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in response.headers if name not in ("Date", "X-Request-Id"))


def _texts(value: Any) -> list[str]:
    """Every string in a JSON value."""
    if isinstance(value, dict):
        return [text for each in value.values() for text in _texts(each)]
    if isinstance(value, list):
        return [text for each in value for text in _texts(each)]
    return [value] if isinstance(value, str) else []


def _is_long(text: str) -> bool:
    """Words for people are told from tokens by their spaces."""
    return len(text) >= 16 and " " not in text


class Lines(logging.Handler):
    """Keeps every line as the service's own formatter writes it."""

    def __init__(self, formatter: logging.Formatter) -> None:
        super().__init__()
        self.setFormatter(formatter)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))
