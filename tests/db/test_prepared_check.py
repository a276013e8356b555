"""The prepared check finds the rows that the driver finds, reports the server's errors, and uses the unique key."""

import hashlib
import inspect
import random
import re
import select
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import trustme
from pymysql.connections import Connection

from tests.conftest import EMPTY, NOW, build_core, environment, migrate
from tests.db.in_line import wait_for
from tests.e2e.faults import GENEROUS, as_root, kill_connections
from tests.numbers import numbers
from tools import private_server
from tools.private_server import Server
from v1.auth.core import Core
from v1.db import prepared_check
from v1.db.prepared_check import MOST, SIZES, PreparedCheck, may_repeat
from v1.errors import DatabaseDown

TOKENS = 1000
DIGESTS = [hashlib.sha256(str(number).encode()).hexdigest()[:40] for number in range(1, TOKENS)]
DIGESTS.append(hashlib.sha256(b"a long one").hexdigest())
MISSING = hashlib.sha1(b"no token").hexdigest()

FILL = f"""
INSERT INTO users (id, username, password, creation_time, remote_ip, access_level)
SELECT seq, CONCAT('Zoë ', seq), 'x', NOW(), '', seq % 3 FROM {numbers(100)};
INSERT INTO auth_tokens (auth_key, user_id, creation_time, expiry, last_access, device_info, remote_ip)
SELECT IF(seq = {TOKENS}, SHA2('a long one', 256), LEFT(SHA2(seq, 256), 40)), 1 + seq % 100, 0, {2 * NOW}, {NOW}, '', ''
FROM {numbers(TOKENS)};
ANALYZE TABLE users, auth_tokens;
"""


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory, new_server: Callable[..., Server]) -> Iterator[Server]:
    """A server that speaks TLS."""
    place = tmp_path_factory.mktemp("tls")
    pem: Path = place / "server.pem"
    trustme.CA().issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(pem)
    server = new_server(place / "m", f"--ssl-cert={pem}", f"--ssl-key={pem}")
    migrate(server, "gatepass")
    yield server
    private_server.stop(server)


@pytest.fixture(params=["socket", "tcp", "tls"])
def way(request: pytest.FixtureRequest) -> tuple[Server, Core]:
    """A filled database, and a core that reaches it by a Unix socket, TCP or TLS."""
    server: Server = request.getfixturevalue("secured" if request.param == "tls" else "database")
    server.sql(EMPTY + FILL, "gatepass")
    ways = {"socket": server.url(), "tcp": server.url(tcp=True), "tls": server.url(tcp=True) + "?ssl_mode=REQUIRED"}
    return server, build_core(environment(server, DATABASE_URL=ways[request.param]))


@pytest.fixture
def filled(database: Server) -> Server:
    database.sql(FILL, "gatepass")
    return database


@pytest.fixture
def prepare() -> Iterator[Callable[..., PreparedCheck]]:
    """`prepare(core)` makes one, which is closed after the test."""
    made: list[PreparedCheck] = []

    def connect(core: Core) -> PreparedCheck:
        made.append(core.tables.tokens.prepared_check(causal=True))
        return made[-1]

    yield connect
    for check in made:
        check.close()


@pytest.fixture
def check(filled: Server, prepare: Callable[..., PreparedCheck]) -> PreparedCheck:
    return prepare(build_core(environment(filled)))


def answer(check: PreparedCheck) -> dict[str, str]:
    """The rows, once they have arrived. Waits for the socket alone: nothing may stay unread where no poller sees it."""
    while (rows := check.receive()) is None:
        assert select.select([check], [], [], GENEROUS)[0], "no answer"
    return rows


def look_up(check: PreparedCheck, keys: list[str]) -> dict[str, str]:
    check.ask(keys)
    return answer(check)


def rows_of_the_driver(core: Core, keys: list[str]) -> dict[str, str]:
    rows = core.tables.tokens._database.read("auth_tokens.check", auth_keys=keys)
    return dict(row.split(" ", 1) for (row,) in rows)


def test_it_finds_what_the_driver_finds(way: tuple[Server, Core], prepare: Callable[..., PreparedCheck]) -> None:
    _, core = way
    check = prepare(core)
    for count in range(1, MOST + 1):
        keys = [*random.sample(DIGESTS, count - 1), random.choice([MISSING, DIGESTS[-1]])]
        found = look_up(check, keys)
        assert found == rows_of_the_driver(core, keys) and found.keys() == set(keys) - {MISSING}
    assert look_up(check, [MISSING]) == {}
    assert look_up(check, [DIGESTS[0], MISSING, DIGESTS[0]]) == rows_of_the_driver(core, DIGESTS[:1])


def test_long_rows_arrive_in_pieces(way: tuple[Server, Core], prepare: Callable[..., PreparedCheck]) -> None:
    """The length in front of a row takes 1 byte, or 3 or 4. The last answer has 8 MB."""
    server, core = way
    check, keys = prepare(core), DIGESTS[:MOST]
    for size in (1, *range(60, 90), 32_700, 65_000):
        claims = f"UPDATE auth_tokens SET claims = REPEAT('c', {size}) WHERE auth_key IN {tuple(keys)}"
        server.sql(claims, "gatepass")
        assert look_up(check, [*keys[:2], MISSING]) == rows_of_the_driver(core, keys[:2])
    found = look_up(check, keys)
    assert found == rows_of_the_driver(core, keys) and min(map(len, found.values())) > 130_000


class Cut:
    """A socket that gives a byte at a time: after each, nothing more has arrived yet."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock, self.turn = sock, 0

    def recv(self, size: int) -> bytes:
        self.turn += 1
        if self.turn % 2:
            raise BlockingIOError
        return self.sock.recv(1)

    def __getattr__(self, name: str) -> object:
        return getattr(self.sock, name)


def test_an_answer_may_be_cut_at_every_byte(filled: Server, check: PreparedCheck) -> None:
    whole = look_up(check, DIGESTS[:5])
    check._socket = Cut(check._socket)
    assert len(whole) == 5 and look_up(check, DIGESTS[:5]) == whole
    filled.sql("RENAME TABLE users TO users_away", "gatepass")
    try:
        assert error_of(lambda: look_up(check, DIGESTS[:1])).number == 1146
    finally:
        filled.sql("RENAME TABLE users_away TO users", "gatepass")


def test_it_sees_what_was_committed_before_it_asks(filled: Server, check: PreparedCheck) -> None:
    for number, digest in enumerate(DIGESTS[:50]):
        assert look_up(check, [digest, MISSING]).keys() == {digest}
        if number % 2:
            filled.sql(f"DELETE FROM auth_tokens WHERE auth_key = '{digest}'", "gatepass")
        else:
            filled.sql(f"UPDATE users SET password = '!' WHERE id = {1 + (number + 1) % 100}", "gatepass")
        assert look_up(check, [digest, MISSING]) == {}


def test_it_outlives_an_error_and_a_change_of_the_tables(filled: Server, check: PreparedCheck) -> None:
    filled.sql("RENAME TABLE users TO users_away", "gatepass")
    try:
        assert error_of(lambda: look_up(check, DIGESTS[:2])).number == 1146
    finally:
        filled.sql("RENAME TABLE users_away TO users", "gatepass")
    for change in ("ADD COLUMN trial INT NULL", "DROP COLUMN trial"):
        filled.sql(f"ALTER TABLE auth_tokens {change}; FLUSH TABLES; ANALYZE TABLE auth_tokens", "gatepass")
        assert len(look_up(check, DIGESTS[:3])) == 3


def test_a_select_that_is_ended_fails_and_the_next_one_works(filled: Server, check: PreparedCheck) -> None:
    with as_root(filled) as root:
        root("LOCK TABLES users WRITE")
        check.ask(DIGESTS[:1])
        wait_for(filled, "auth_tokens.check")
        assert check.receive() is None
        filled.sql(f"KILL QUERY {at_the_check(filled)}")
        assert error_of(lambda: answer(check)).number == 1317
        check.ask(DIGESTS[:1])
        root("UNLOCK TABLES")
        assert answer(check).keys() == {DIGESTS[0]}


def test_the_server_ends_a_select_that_takes_too_long(filled: Server, prepare: Callable[..., PreparedCheck]) -> None:
    hasty = prepare(build_core(environment(filled, DATABASE_QUERY_SECONDS="1")))
    with as_root(filled) as root:
        root("LOCK TABLES users WRITE")
        assert error_of(lambda: look_up(hasty, DIGESTS[:1])).number in (1969, 3024, 1205)
    assert look_up(hasty, DIGESTS[:1])


def test_a_connection_that_the_server_ends_may_repeat(filled: Server, prepare: Callable[..., PreparedCheck]) -> None:
    core = build_core(environment(filled))
    idle, asked_later, asked = (prepare(core) for _ in range(3))
    with as_root(filled) as root:
        root("LOCK TABLES users WRITE")
        asked.ask(DIGESTS[:1])
        wait_for(filled, "auth_tokens.check")
        kill_connections(filled)
        for lose in (lambda: answer(idle), lambda: look_up(asked_later, DIGESTS[:1]), lambda: answer(asked)):
            assert may_repeat(error_of(lose))
    asked.close()
    assert asked.fileno() == -1 and may_repeat(error_of(lambda: asked.ask(DIGESTS[:1])))


def test_a_statement_that_cannot_be_prepared_is_an_error(filled: Server, check: PreparedCheck) -> None:
    check._socket.setblocking(True)
    assert error_of(lambda: PreparedCheck(check._connections, check._connection, "SELEKT %(auth_keys)s")).number == 1064


def test_each_statement_reads_no_more_rows_than_it_finds(filled: Server, check: PreparedCheck) -> None:
    """The counters of the session: a scan would read the next row again and again."""
    for size in SIZES:
        counters(check)
        idle = counters(check)
        keys = DIGESTS[:size]
        assert look_up(check, keys).keys() == set(keys)
        used = counters(check)
        assert used["Handler_read_rnd_next"] == idle["Handler_read_rnd_next"]
        assert used["Handler_read_next"] + used["Handler_read_first"] + used["Handler_read_rnd"] == 0
        assert used["Handler_read_key"] - idle["Handler_read_key"] == 2 * size  # a token and its user


def counters(check: PreparedCheck) -> dict[str, int]:
    """What the session's statements have read since the last call. (To show them the server reads rows, too.)"""
    check._socket.setblocking(True)
    with check._connection.cursor() as cursor:
        cursor.execute("SHOW SESSION STATUS LIKE 'Handler_read%'")
        found = {name: int(value) for name, value in cursor.fetchall()}
    check._socket.setblocking(False)
    return found


def test_it_uses_three_private_names_of_the_driver() -> None:
    """If one of them changes, read it again. What they do is shown by the tests above."""
    used = set(re.findall(r"driver(?:\(connection\))?\.(_\w+)", inspect.getsource(prepared_check)))
    assert used == {"_sock", "_execute_command", "_read_packet"}
    execute, read = Connection._execute_command, Connection._read_packet
    assert str(inspect.signature(execute)) == "(self, command, sql)"
    assert str(inspect.signature(read)).startswith("(self, packet_type=")


def at_the_check(server: Server) -> int:
    """The number of the connection that is at the check."""
    running = "SELECT id FROM information_schema.processlist WHERE info LIKE '/* auth_tokens.check */%'"
    return int(server.sql(running))


def error_of(run: Callable[[], object]) -> DatabaseDown:
    """The error that this ends with."""
    with pytest.raises(DatabaseDown) as raised:
        run()
    return raised.value
