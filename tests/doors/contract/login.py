"""What a door promises at which a password is proved: one answer for every wrong login, and nothing left behind."""

import json

from werkzeug.test import TestResponse

from tests.conftest import COST_4, Service, add_user
from tests.doors.contract.failures import alike, exchange, expect, holds
from tests.doors.contract.guessing import GuessingPromises
from tests.doors.contract.login_door import tokens_kept
from tests.doors.contract.meanwhile import MeanwhilePromises
from tests.doors.contract.texts import ODD_TEXTS


class LoginContract(GuessingPromises, MeanwhilePromises):
    """A door that takes a name and a password and gives a token."""

    def test_unknown_wrong_disabled_and_unreadable_are_one_answer(self, service: Service) -> None:
        add_user(service.server, "out", "!" + COST_4)
        add_user(service.server, "odd", "no hash at all")
        answers = {each: self.use(service, each) for each in (*self.wrong, "odd:password")}
        for each, answer in answers.items():
            expect(self.is_token, answer, f"{each!r} gets no token", wanted=False)
        alike({each: self.comparable(answer, each) for each, answer in answers.items()})

    def test_a_refused_login_leaves_no_token(self, service: Service) -> None:
        response = self.login(service, "admin", "wrong")
        assert tokens_kept(service) == 0, exchange(response)

    def test_a_login_is_logged_and_counted_under_the_doors_own_name(self, service: Service, lines: list[str]) -> None:
        self.use(service, "admin:password")
        self.use(service, "admin:wrong")
        logged = [json.loads(line) for line in lines if '"event": "login.' in line]
        assert [each["event"] for each in logged] == ["login.ok", "login.failed"]
        assert len({each["door"] for each in logged}) == 1, f"a door has one name: {logged}"
        service.core.write_behind.write()
        counted = service.server.sql("SELECT door, outcome, logins FROM login_stats ORDER BY outcome", "gatepass")
        door = logged[0]["door"]
        assert counted == f"{door}\tfailed\t1\n{door}\tok\t1\n"

    def test_a_device_name_is_kept_whole_or_refused_as_malformed(self, service: Service) -> None:
        for device in (*ODD_TEXTS, "a\0b", "a\nb"):
            service.server.sql("DELETE FROM auth_tokens", "gatepass")
            if (answer := self.login_of_a_device(service, device)) is None:
                return
            promise = f"a device name of {len(device)} characters, {device[:40]!r}"
            kept = service.server.sql("SELECT HEX(device_info) FROM auth_tokens", "gatepass").split("\n")[:-1]
            if len(device) > 200 or not device.strip() and not holds(self.is_token, answer):  # a wire may require one
                expect(self.is_malformed, answer, f"{promise} is malformed")
                assert kept == [] and "Retry-After" not in answer.headers, exchange(answer)
            else:
                expect(self.is_token, answer, f"{promise} is taken")
                assert kept == [device.encode().hex().upper()], f"{promise} is kept whole\n{exchange(answer)}"

    def secrets(self, proof: str, answer: TestResponse) -> list[str]:
        found = super().secrets("", answer)
        assert found, f"the answer holds a token\n{exchange(answer)}"
        return found
