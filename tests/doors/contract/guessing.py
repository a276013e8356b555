"""What a login promises about guessing: it is slowed, and it tells no guesser which names exist."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.conftest import COST_4, Service, add_user
from tests.doors.contract.door import MakeService
from tests.doors.contract.failures import alike, exchange, expect
from tests.doors.contract.login_door import LoginDoor
from tools.private_server import Server


class GuessingPromises(LoginDoor):
    """The limits on guessing hold at this door as at every other."""

    def test_guesses_count_together_with_those_at_other_doors(self, make_service: MakeService) -> None:
        service = make_service(THROTTLE_PAIR="2")
        add_user(service.server, "admin")
        for _ in range(3):
            self.use(service, "admin:wrong")
        service.client.post("/v1/oauth/", data={"username": "admin", "password": "wrong"})
        response = self.use(service, "admin:password")
        expect(self.is_token, response, "after four wrong guesses the right password has to wait", wanted=False)
        assert int(response.headers.get("Retry-After", 0)) > 0, f"Retry-After says how long\n{exchange(response)}"

    def test_while_all_must_wait_unknown_wrong_right_disabled_and_unreadable_are_one_answer(
        self, make_service: MakeService
    ) -> None:
        service = make_service(THROTTLE_PAIR="1")
        for name, stored in (("admin", COST_4), ("out", "!" + COST_4), ("odd", "no hash at all")):
            add_user(service.server, name, stored)
        for name in ("nobody", "admin", "out", "odd") * 2:
            self.use(service, f"{name}:wrong")
        proofs = ("nobody:wrong", "admin:wrong", "admin:password", "out:password", "odd:wrong")
        answers = {proof: self.use(service, proof) for proof in proofs}
        assert {answer.headers.get("Retry-After") for answer in answers.values()} == {"1"}
        alike({proof: self.comparable(answer, proof) for proof, answer in answers.items()})

    def test_a_long_name_costs_the_database_no_more_than_a_short_one(self, service: Service) -> None:
        """What the server does with a name may take more than linear time: it never gets a long one."""
        names = ["admin" + " " * 15_000, "a" * 15_000, "\u3000" * 1_500, "\u200b" * 1_500 + "admin"]
        with statements_logged(service.server) as seen:
            answers = [self.login(service, name, "password") for name in names]
        expect(self.is_token, answers[0], "spaces at the end of a name mean nothing")
        for name, answer in zip(names[1:], answers[1:], strict=True):
            expect(self.is_token, answer, f"a name that begins {name[:9]!r} is nobody's", wanted=False)
        assert max(map(len, seen)) < 4_000 < len(names[1]), "the longest statement that the server got"

    def test_at_an_address_over_its_limit_a_wrong_password_does_not_tell_who_is_signed_in_there(
        self, make_service: MakeService
    ) -> None:
        service = make_service(THROTTLE_PAIR="9", THROTTLE_ADDRESS="2", THROTTLE_ACCOUNT="9")
        add_user(service.server, "admin")
        add_user(service.server, "other")
        expect(self.is_token, self.use(service, "admin:password"), "below the limit")
        for _ in range(2):
            self.use(service, "nobody:wrong")
        answers = {f"{name}:wrong": self.use(service, f"{name}:wrong") for name in ("admin", "other", "nobody")}
        alike({proof: self.comparable(answer, proof) for proof, answer in answers.items()})
        waits = {proof: answer.headers.get("Retry-After") for proof, answer in answers.items()}
        assert set(waits.values()) == {"600"}, waits
        failures = "SELECT scope, failures FROM login_throttle WHERE user_id > 0 OR scope = 'address' ORDER BY scope"
        counted = service.server.sql(failures, "gatepass")
        assert counted == "address\t2\npair\t1\n", "over the limit a guess counts for its pair alone"
        expect(self.is_token, self.use(service, "admin:password"), "who is signed in at the address may log in again")


@contextmanager
def statements_logged(server: Server) -> Iterator[list[str]]:
    """What the service's accounts send to the server while the block runs; the list is filled at its end."""
    found: list[str] = []
    server.sql("SET GLOBAL log_output = 'TABLE'; TRUNCATE mysql.general_log; SET GLOBAL general_log = ON")
    try:
        yield found
    finally:
        server.sql("SET GLOBAL general_log = OFF; SET GLOBAL log_output = 'FILE'")
    asked = "SELECT argument FROM mysql.general_log WHERE command_type IN ('Query', 'Execute')"
    found += server.sql(f"{asked} AND user_host LIKE 'gatepass%'").splitlines()
