"""What a door promises that a token opens: a token that is revoked, expired or a disabled user's is dead there."""

from werkzeug.test import TestResponse

from tests.conftest import Service
from tests.doors.contract.failures import alike, expect
from tests.doors.contract.promises import DoorContract
from tests.doors.kinds import mint
from tests.doors.operations import Operation
from v1.tokens.text import digest


class TokenContract(DoorContract):
    """A door that a token opens. The kinds are those of tests/doors/kinds.py; the token is `admin`'s or a server's."""

    kind: str
    """The kind of token that opens the door in these tests."""

    also_opened_by: tuple[str, ...] = ()
    """Other kinds that open it."""

    writes = False
    """Does `use` write to the database before it answers?"""

    further: tuple[Operation, ...] = ()
    """What else a token opens at this door: the matrix of kinds and operations tries it too."""

    def proof(self, service: Service) -> str:
        return mint(service, self.kind)

    def is_shut(self, response: TestResponse) -> bool:
        """Is this the answer to a token of another kind, or to no token? By default any 401 or 403 is."""
        return response.status_code in (401, 403) or self.is_refused(response)

    def test_a_dead_token_is_refused_and_no_answer_tells_why(self, service: Service) -> None:
        tokens = {name: self.proof(service) for name in ("revoked", "expired", "disabled")}
        tokens["unknown"] = self.wrong_proof(service)
        change = "{} auth_tokens {} WHERE auth_key = '{}'"
        service.server.sql(change.format("DELETE FROM", "", digest(tokens["revoked"])), "gatepass")
        ended = f"SET expiry = {service.clock()}"
        service.server.sql(change.format("UPDATE", ended, digest(tokens["expired"])), "gatepass")
        answers = {name: self.use(service, tokens[name]) for name in ("unknown", "revoked", "expired")}
        expect(self.is_opened, self.use(service, tokens["disabled"]), "a token is good until its user is disabled")
        service.server.sql("UPDATE users SET password = CONCAT('!', password)", "gatepass")
        answers["disabled"] = self.use(service, tokens["disabled"])
        for name, answer in answers.items():
            expect(self.is_refused, answer, f"a token that is {name} is refused")
        alike({name: self.comparable(answer, tokens[name]) for name, answer in answers.items()})
