"""How a door is used and how its answers are recognised: what a door's test class says of it."""

from collections.abc import Callable
from typing import Final

from werkzeug.test import TestResponse

from tests.conftest import Service
from tests.doors.contract.texts import is_long, possible_tokens

MakeService = Callable[..., Service]

DEAD: Final = {"DATABASE_URL": "mysql://u:p@127.0.0.1:1/d"}
"""A port where nothing listens."""

VARYING: Final = ("Date", "X-Request-Id")
"""Headers that differ between two equal answers."""


class Door:
    """What a test class says of its door. Those methods that raise here must be written; the others may be.

    `proof` is what opens the door: a token, or `name:password`.
    """

    prefix: str
    """The path below which the door answers errors: an unknown path is tried there."""

    failing: tuple[str, ...] = ("v1.db.tables.tokens.Tokens.check", "v1.db.tables.tokens.Tokens.find_live")
    """What raises in the test of an error in our own code: `use` must call one of these functions."""

    options = True
    """Does OPTIONS tell the methods of a path? Only a check in front of Flask answers it in another way."""

    def proof(self, service: Service) -> str:
        """Make something that opens the door."""
        raise NotImplementedError

    def use(self, service: Service, proof: str) -> TestResponse:
        """Ask the door for what it is there for, with this proof."""
        raise NotImplementedError

    def is_opened(self, response: TestResponse) -> bool:
        """Did the door do what it was asked for?"""
        raise NotImplementedError

    def is_refused(self, response: TestResponse) -> bool:
        """Is this the answer to a wrong proof?"""
        raise NotImplementedError

    def is_error(self, response: TestResponse, status: int) -> bool:
        """Is this the error of this HTTP status, in the door's own words? The four below ask for theirs."""
        raise NotImplementedError

    def is_database_down(self, response: TestResponse) -> bool:
        """Is this the answer when the database cannot be reached?"""
        return self.is_error(response, 503)

    def is_unknown_path(self, response: TestResponse) -> bool:
        """Is this the answer to a path at which nothing is served?"""
        return self.is_error(response, 404)

    def is_unforeseen(self, response: TestResponse) -> bool:
        """Is this the answer after an error in our own code?"""
        return self.is_error(response, 500)

    def is_malformed(self, response: TestResponse) -> bool:
        """Is this the answer to a device name that is too long, or to a request that cannot be read?"""
        return self.is_error(response, 400)

    def wrong_proof(self, service: Service) -> str:
        """A proof that never was good: it looks like a token."""
        return "ab" * 20

    def sets_a_cookie(self, response: TestResponse) -> bool:
        """May this answer set a cookie? Only the console's token is one."""
        return False

    def comparable(self, response: TestResponse, proof: str) -> tuple[object, ...]:
        """The parts of an answer that must be equal wherever it may not tell why a proof was refused."""
        headers = tuple((name, value) for name, value in response.headers if name not in VARYING)
        return response.status, response.data, headers

    def secrets(self, proof: str, answer: TestResponse) -> list[str]:
        """The texts that no line of the log may have: the proof, and all in the answer that could be a token."""
        return [text for text in (proof, *possible_tokens(answer)) if is_long(text)]
