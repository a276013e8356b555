"""sql/ops/: every file through the server's own client, doing what its head says and nothing else."""

import hashlib
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT, add_user
from tests.database_servers import IS_MYSQL, only_mariadb
from tests.db.migrating import wait_until
from tests.numbers import numbers
from tools import fetch_mysql, private_server
from tools.private_server import Server

OPS = sorted((ROOT / "sql/ops").glob("*.sql"))
LIVE = 4_000_000_000
CLIENT = fetch_mysql.KEPT / "mysql" if IS_MYSQL else "mariadb"
SHA1 = hashlib.sha1(b"f00d").hexdigest()
SHA256 = hashlib.sha256(b"gpa_f00d").hexdigest()


def client(server: Server, name: str, before: str = "", database: str = "gatepass") -> list[dict[str, str]]:
    """Run a file as its head says: `mariadb --init-command=.. < file`. The rows of all its results, by column."""
    command = [str(CLIENT), f"--defaults-file={server.directory / 'root.cnf'}", "--xml", database]
    command += [f"--init-command={before}"] if before else []
    with (ROOT / "sql/ops" / name).open("rb") as file:
        done = subprocess.run(command, stdin=file, capture_output=True, check=False, timeout=60)
    assert done.returncode == 0 and not done.stderr, done.stderr
    rows = re.findall(r"<row>(.*?)</row>", done.stdout.decode(), re.DOTALL)
    return [dict(re.findall(r'<field name="(\w+)"(?: xsi:nil="true" /)?>([^<]*)', row)) for row in rows]


def add_token(server: Server, user_id: int, auth_key: str, expiry: int = LIVE, kind: str = "mobile") -> None:
    columns = "auth_key, user_id, creation_time, expiry, last_access, device_info, kind"
    values = f"'{auth_key}', {user_id}, 0, {expiry}, 0, 'x', '{kind}'"
    server.sql(f"INSERT INTO auth_tokens ({columns}) VALUES ({values})", "gatepass")


def count(server: Server, table: str = "auth_tokens", where: str = "TRUE") -> int:
    return int(server.sql(f"SELECT COUNT(*) FROM {table} WHERE {where}", "gatepass"))


def test_a_user_is_signed_out_everywhere_and_nobody_else(database: Server) -> None:
    user, other = add_user(database, "alice"), add_user(database, "bob")
    for number, kind in enumerate(["mobile", "personal", "jwt"]):
        add_token(database, user, f"k{number}", kind=kind)
    add_token(database, other, "other")
    *shown, result = client(database, "revoke_sessions_of_user.sql", f"SET @user_id = {user}")
    assert [each["kind"] for each in shown] == ["jwt", "personal", "mobile"]
    assert result == {"revoked": "3", "left": "0"}
    assert count(database) == count(database, where=f"user_id = {other}") == 1
    assert count(database, "users") == 2


@pytest.mark.parametrize("given", ["", "NULL", "''", "0", "'0'", "-1", "1.5", "'{}x'", "' {}'", "'{} OR 1'", "'alice'"])
def test_without_an_id_nobody_is_signed_out(database: Server, given: str) -> None:
    user = add_user(database, "alice")
    add_token(database, user, "k")
    add_token(database, 0, "of nobody", kind="api")
    before = f"SET @user_id = {given.format(user)}" if given else ""
    assert client(database, "revoke_sessions_of_user.sql", before) == [{"revoked": "0", "left": "0"}]
    assert count(database) == 2


def test_a_revocation_is_bounded_and_says_what_is_left(database: Server) -> None:
    database.sql(
        "INSERT INTO auth_tokens (auth_key, user_id, creation_time, expiry, last_access, device_info)"
        f" SELECT LEFT(SHA2(seq, 256), 40), 7, 0, 1, seq, '' FROM {numbers(10_003)}",
        "gatepass",
    )
    runs = [client(database, "revoke_sessions_of_user.sql", "SET @user_id = 7") for _ in range(2)]
    assert [each[-1] for each in runs] == [{"revoked": "10000", "left": "3"}, {"revoked": "3", "left": "0"}]
    assert [len(each) for each in runs] == [21, 4]


@pytest.mark.parametrize(
    ("before", "kind"),
    [
        (f"SET @digest = '{SHA1}'", "mobile"),
        (f"SET @digest = '{SHA256}'", "api"),
    ],
)
def test_a_token_is_found_by_the_digest_of_its_text(database: Server, before: str, kind: str) -> None:
    user = add_user(database, "alice")
    add_token(database, user, SHA1)
    add_token(database, user, SHA256, kind="api")
    add_token(database, user, "")
    (found,) = client(database, "find_token_by_text.sql", before)
    assert (found["user_id"], found["kind"], found["state"]) == (str(user), kind, "good")
    assert not {"auth_key", "claims", "password"} & set(found)


@pytest.mark.parametrize("digest", ["x", SHA256, ""])
def test_no_other_token_is_found(database: Server, digest: str) -> None:
    add_token(database, 1, SHA1)
    assert client(database, "find_token_by_text.sql", f"SET @digest = '{digest}'") == []


@pytest.mark.parametrize("before", ["", "SET @token = 'f00d'", "SET @digest = NULL"])
def test_without_a_digest_the_file_says_what_it_needs(database: Server, before: str) -> None:
    add_token(database, 1, SHA1)
    (told,) = client(database, "find_token_by_text.sql", before)
    assert told.keys() == {"error"} and "set @digest" in told["error"]


def test_the_shell_makes_the_digests_that_the_head_says(database: Server) -> None:
    head = (ROOT / "sql/ops/find_token_by_text.sql").read_text()
    (line,) = re.findall(r"^--     (DIGEST=.*?)  +#", head, re.MULTILINE)
    for word, token, digest in (("sha1sum", "f00d", SHA1), ("sha256sum", "gpa_f00d", SHA256)):
        script = f"TOKEN={token}; {line.replace('sha1sum', word)}; printf %s $DIGEST"
        assert subprocess.run(["sh", "-c", script], capture_output=True, text=True).stdout == digest


def test_what_a_token_lacks_is_told(database: Server) -> None:
    good, disabled = add_user(database, "alice"), add_user(database, "bob", "!x")
    states = {}
    for user, kind, expiry in [(good, "mobile", 1), (disabled, "mobile", LIVE), (999, "api", LIVE), (0, "api", LIVE)]:
        add_token(database, user, SHA1, expiry, kind)
        states[user] = client(database, "find_token_by_text.sql", f"SET @digest = '{SHA1}'")[0]["state"]
        database.sql("DELETE FROM auth_tokens", "gatepass")
    assert list(states.values()) == ["expired", "the user is disabled", "the user is gone", "good"]


def assert_sizes(rows: list[dict[str, str]]) -> None:
    assert {each["table_name"] for each in rows} >= {"users", "auth_tokens", "login_throttle", "login_stats"}
    assert all(float(each["data_mb"]) >= 0 and float(each["index_mb"]) >= 0 for each in rows)


def use_the_key(server: Server) -> None:
    add_token(server, 1, SHA1)
    server.sql(f"SELECT id FROM auth_tokens WHERE auth_key = '{SHA1}'", "gatepass")


@pytest.fixture
def uncounted(new_server: Callable[..., Server], tmp_path: Path) -> Iterator[Server]:
    """A server that counts the use of no index, with today's tables."""
    server = new_server(tmp_path / "server", "--performance-schema=OFF")
    server.sql((ROOT / "sql/schema.sql").read_text(), "gatepass")
    yield server
    private_server.stop(server)


def test_sizes_are_told_and_the_indexes_where_nobody_counts_their_use(uncounted: Server) -> None:
    rows = client(uncounted, "sizes_and_index_use.sql")
    assert_sizes([each for each in rows if "data_mb" in each])
    shown = {(each["table_name"], each["index_name"]): each for each in rows if "counted_by" in each}
    assert shown["auth_tokens", "user_id_login_network_key"]["columns"] == "user_id,login_network,expiry"
    assert {each["counted_by"] for each in shown.values()} == {"nothing"} and len(shown) >= 9


@only_mariadb
def test_the_use_of_an_index_is_told_by_userstat(database: Server) -> None:
    database.sql("SET GLOBAL userstat = ON; FLUSH INDEX_STATISTICS")
    try:
        use_the_key(database)
        rows = client(database, "sizes_and_index_use.sql")
    finally:
        database.sql("SET GLOBAL userstat = OFF")
    assert_sizes([each for each in rows if "data_mb" in each])
    used = {"counted_by": "userstat", "table_name": "auth_tokens", "index_name": "auth_key_unique", "rows_read": "1"}
    assert used in rows


def test_the_use_of_an_index_is_told_by_the_performance_schema(
    tmp_path: Path, new_server: Callable[..., Server]
) -> None:
    server = new_server(tmp_path / "server", "--performance-schema=ON")
    try:
        server.sql((ROOT / "sql/schema.sql").read_text(), "gatepass")
        use_the_key(server)
        rows = client(server, "sizes_and_index_use.sql")
    finally:
        private_server.stop(server)
    assert_sizes([each for each in rows if "data_mb" in each])
    (used,) = [each for each in rows if each.get("index_name") == "auth_key_unique"]
    assert used["counted_by"] == "performance_schema" and int(used["rows_read"]) >= 1


@pytest.fixture
def scheduled(database: Server) -> Iterator[Server]:
    """The database with the purging event, on a server whose scheduler runs."""
    database.sql("DELETE FROM login_throttle; DELETE FROM login_stats; SET GLOBAL event_scheduler = ON", "gatepass")
    yield database
    database.sql("SET GLOBAL event_scheduler = OFF; DROP EVENT IF EXISTS gatepass_purge", "gatepass")
    # A run that has begun goes on without its event: it would purge the next test's tokens, which are of 2023.
    running = "user = 'event_scheduler' OR command = 'Connect'"
    wait_until(lambda: database.sql(f"SELECT COUNT(*) FROM information_schema.processlist WHERE {running}") == "0\n")
    database.sql("DELETE FROM auth_tokens; DELETE FROM login_throttle; DELETE FROM login_stats", "gatepass")


def fill_for_a_purge(server: Server) -> None:
    """2,500 expired tokens and two live ones; expired and other rows of the throttle; counts of three ages."""
    server.sql(
        "INSERT INTO auth_tokens (auth_key, user_id, creation_time, expiry, last_access, device_info)"
        f" SELECT LEFT(SHA2(seq, 256), 40), 1, 0, UNIX_TIMESTAMP() - seq + 1, 0, '' FROM {numbers(2500)};"
        "INSERT INTO auth_tokens (auth_key, user_id, creation_time, expiry, last_access, device_info)"
        f" SELECT seq, 1, 0, {LIVE}, 0, '' FROM {numbers(2)};"
        f"INSERT INTO login_throttle SELECT 'pair', seq, '', '', 1, 0, 0, UNIX_TIMESTAMP() - 1 FROM {numbers(1500)};"
        f"INSERT INTO login_throttle VALUES ('everyone', 0, '', '', 1, {LIVE}, 0, {LIVE});"
        "INSERT INTO login_stats SELECT UTC_TIMESTAMP() - INTERVAL seq DAY, 'oauth', 'ok', 1"
        " FROM (SELECT 0 AS seq UNION SELECT 700 UNION SELECT 800) ages;",
        "gatepass",
    )


def test_the_event_purges_in_batches_what_is_expired_and_nothing_else(scheduled: Server) -> None:
    fill_for_a_purge(scheduled)
    client(scheduled, "purge_event.sql")
    wait_until(lambda: count(scheduled) == 2 and count(scheduled, "login_throttle") == 1)
    wait_until(lambda: count(scheduled, "login_stats") == 2)
    assert count(scheduled, where=f"expiry = {LIVE}") == 2
    assert count(scheduled, "login_throttle", "scope = 'everyone'") == 1
    wait_until(lambda: scheduled.sql("SELECT IS_FREE_LOCK('gatepass.purge.gatepass')") == "1\n")


def test_the_event_purges_past_rows_that_a_foreign_key_keeps(scheduled: Server) -> None:
    """More stay than it deletes in a batch, and they come first."""
    fill_for_a_purge(scheduled)
    scheduled.sql(
        "CREATE TABLE shop (token BIGINT NOT NULL, FOREIGN KEY (token) REFERENCES auth_tokens (id));"
        " INSERT INTO shop SELECT id FROM auth_tokens ORDER BY expiry LIMIT 1200",
        "gatepass",
    )
    try:
        client(scheduled, "purge_event.sql")
        wait_until(lambda: count(scheduled) == 1202 and count(scheduled, "login_throttle") == 1)
        assert count(scheduled, "shop JOIN auth_tokens ON token = auth_tokens.id") == 1200
    finally:
        scheduled.sql("DROP TABLE shop", "gatepass")


def test_the_event_waits_its_turn_and_can_be_turned_off_and_on(scheduled: Server) -> None:
    client(scheduled, "purge_event.sql")
    client(scheduled, "purge_event.sql")  # made anew
    scheduled.sql("ALTER EVENT gatepass_purge DISABLE", "gatepass")
    fill_for_a_purge(scheduled)
    scheduled.sql("ALTER EVENT gatepass_purge ON SCHEDULE EVERY 1 SECOND; DO SLEEP(2.5)", "gatepass")
    assert count(scheduled) == 2502
    scheduled.sql("ALTER EVENT gatepass_purge ENABLE", "gatepass")
    wait_until(lambda: count(scheduled) == 2)
    told = "SELECT status, last_executed IS NOT NULL FROM information_schema.events"
    assert scheduled.sql(f"{told} WHERE event_name = 'gatepass_purge'") == "ENABLED\t1\n"


@pytest.mark.parametrize("path", OPS, ids=lambda path: path.stem)
def test_a_file_says_how_to_run_it_and_is_bounded(path: Path) -> None:
    text = path.read_text()
    head = text[: text.index("\n\n")]
    assert head.startswith("-- ") and "mariadb NAME" in head and f"< sql/ops/{path.name}" in head
    code = "\n".join(line for line in text.splitlines() if not line.startswith("--"))
    for statement in re.split(r";\s*(?:\n|$)|\n {4}(?:WHEN|ELSE)\b", code):
        if re.search(r"\b(DELETE|SELECT)\b(?!.*COUNT)[^;]*\bFROM\b", statement, re.DOTALL):
            assert "LIMIT" in statement or "COUNT(*)" in statement, statement
