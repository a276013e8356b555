"""The shapes of the statements that the service sends to its database: with `?` for every literal."""

import re

from tests.conftest import Service
from tests.doors.contract.guessing import statements_logged

LITERAL = re.compile(rb"""(?:_\w+ ?)?[Xx]?'(?:[^'\\]|\\.|'')*'|\b0x[0-9A-Fa-f]+|-?\b\d+(?:\.\d+)?\b""", re.DOTALL)
NAMED = re.compile(rb"/\* [a-z_.]+ \*/ ")
CONNECTING = (
    *(b"SET ", b"ROLLBACK", b"COMMIT", b"START TRANSACTION", b"BEGIN", b"SELECT @@"),
    *(b"/* session.", b"/* hosts.", b"/* columns."),
)
"""What a new connection says, without any value of a request. One may be made at any moment."""


class Shapes:
    """The shapes of the statements that the service has sent to a server: with `?` for every literal."""

    def __init__(self, service: Service) -> None:
        self._service, self._logged = service, statements_logged(service.server)
        self.found: set[bytes] = set()

    def __enter__(self) -> "Shapes":
        self._logged.__enter__()
        return self

    def __exit__(self, *about: object) -> None:
        self._service.core.write_behind.write()
        self._logged.__exit__(None, None, None)
        asked = "SELECT HEX(argument) FROM mysql.general_log WHERE command_type IN ('Query', 'Execute', 'Prepare')"
        for line in self._service.server.sql(f"{asked} AND user_host LIKE 'gatepass%'").split():
            statement = bytes.fromhex(line)
            if statement.startswith(CONNECTING):
                continue
            assert NAMED.match(statement), statement
            self.found.add(re.sub(rb"(?:\?, ?)+\?", b"?", LITERAL.sub(b"?", statement)))
