"""What every door promises: its own words for each failure, no answer in a cache, no secret in the log."""

from typing import Any

import pytest

from tests.conftest import COST_4, Service
from tests.doors.contract.caller import CallerPromises
from tests.doors.contract.door import DEAD, MakeService
from tests.doors.contract.failures import exchange, expect


class DoorContract(CallerPromises):
    """The promises of every door. A door's test class subclasses LoginContract or TokenContract."""

    def test_the_right_proof_opens_the_door_and_a_wrong_one_does_not(self, service: Service) -> None:
        expect(self.is_opened, self.use(service, self.proof(service)), "the right proof opens the door")
        expect(self.is_refused, self.use(service, self.wrong_proof(service)), "a wrong proof is refused")

    def test_a_dead_database_is_said_in_the_doors_own_words(self, service: Service, make_service: MakeService) -> None:
        proof = self.proof(service)
        response = self.use(make_service(**DEAD), proof)
        expect(self.is_database_down, response, "a dead database is said in the door's own words")
        seconds = int(response.headers.get("Retry-After", 0))
        assert seconds > 0, f"Retry-After says when to come again\n{exchange(response)}"

    @pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
    def test_an_unknown_path_is_said_in_the_doors_own_words(self, service: Service, method: str) -> None:
        response = service.client.open(f"{self.prefix}/no/such/path", method=method)
        expect(self.is_unknown_path, response, "an unknown path is said in the door's own words")

    def test_an_error_in_our_own_code_is_said_without_its_text(
        self, service: Service, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        def broken(*_: Any) -> Any:
            raise RuntimeError("secret-detail")

        proof = self.proof(service)
        for name in self.failing:
            monkeypatch.setattr(name, broken)
        response = self.use(service, proof)
        expect(self.is_unforeseen, response, f"an error in {' or '.join(self.failing)} is said in the door's own words")
        assert b"secret-detail" not in response.data, f"the error's text is told\n{exchange(response)}"

    def test_no_answer_may_be_kept_by_a_cache(self, service: Service) -> None:
        for proof in (self.proof(service), self.wrong_proof(service)):
            response = self.use(service, proof)
            kept = {name: response.headers.get(name) for name in ("Cache-Control", "Pragma")}
            assert kept == {"Cache-Control": "no-store", "Pragma": "no-cache"}, exchange(response)
            assert ("Set-Cookie" in response.headers) is self.sets_a_cookie(response), exchange(response)

    def test_options_tells_the_methods_without_a_body(self, service: Service) -> None:
        asked = self.use(service, self.proof(service)).request
        answer = service.client.options(asked.path)
        if self.options:
            assert (answer.status_code, answer.data) == (200, b""), exchange(answer)
            assert {"OPTIONS", asked.method} <= set(answer.headers["Allow"].split(", ")), exchange(answer)
            assert "Content-Type" not in answer.headers, f"an empty answer has no type\n{exchange(answer)}"
        kept = {name: answer.headers.get(name) for name in ("Cache-Control", "Pragma")}
        assert kept == {"Cache-Control": "no-store", "Pragma": "no-cache"}, exchange(answer)

    def test_no_secret_reaches_the_log(self, service: Service, lines: list[str]) -> None:
        proof = self.proof(service)
        answer = self.use(service, proof)
        self.use(service, self.wrong_proof(service))
        service.client.get(f"{self.prefix}/nothing?password=hunter2-query&token={proof}")
        service.client.get(f"{self.prefix}/{proof}/nothing", headers={"X-Request-Id": proof[:64]})
        digests = service.server.sql("SELECT auth_key FROM auth_tokens", "gatepass").split()
        assert lines and digests, "the requests are logged, and there is a token"
        for secret in ("hunter2", "password=", COST_4, *digests, *self.secrets(proof, answer)):
            assert [line for line in lines if secret in line] == [], f"{secret!r} is in the log"
