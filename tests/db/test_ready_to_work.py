"""Ready means able to work: rights, a server that takes no writes, a node without a cluster, ids that end."""

import time
from collections.abc import Iterator

import pytest

from tests.conftest import Service, environment
from tests.db.old_php import new_database
from tests.db.proxy import answering, error
from tools.private_server import Server
from v1.db import readiness
from v1.db.unpooled import unpooled_connection
from v1.settings import load

NAME = "gatepass_least"
ALL = dict.fromkeys(["users", "profiles", "counts"], "SELECT, INSERT, UPDATE")
ALL |= dict.fromkeys(["events", "profile_words"], "SELECT, INSERT, DELETE")
ALL |= dict.fromkeys(["auth_tokens", "login_throttle", "login_stats"], "SELECT, INSERT, UPDATE, DELETE")


def problems(server: Server, **settings: str) -> list[str]:
    return readiness.check(load(environment(server, **settings))).problems


@pytest.fixture
def least(migrated: Server) -> Iterator[dict[str, str]]:
    """Settings of an account that may do what sql/grants.sql says, and no more."""
    with new_database(migrated, NAME):
        for table in ALL:
            migrated.sql(f"CREATE TABLE {table} LIKE gatepass.{table}", NAME)
        grants = "".join(f"GRANT {rights} ON {table} TO worker@localhost;" for table, rights in ALL.items())
        anew = "DROP USER IF EXISTS worker@localhost; CREATE USER worker@localhost IDENTIFIED BY 'secret'"
        migrated.sql(f"{anew}; {grants}", NAME)
        yield {"DATABASE_URL": f"mysql://worker:secret@localhost/{NAME}?unix_socket={migrated.socket}"}
        migrated.sql("DROP USER worker@localhost")


@pytest.mark.parametrize(
    ("right", "what"),
    [
        ("SELECT ON users", "read users"),
        ("SELECT ON profiles", "read profiles"),
        ("SELECT ON login_stats", "read login counts"),
        ("SELECT ON profile_words", "read the words of profiles"),
        ("SELECT ON events", "read the activity log"),
        ("SELECT ON counts", "read counts"),
        ("INSERT ON events", "add to the activity log"),
        ("INSERT ON auth_tokens", "add a token"),
        ("UPDATE ON auth_tokens", "change a token"),
        ("DELETE ON auth_tokens", "revoke a token"),
        ("INSERT ON login_throttle", "count a failed login"),
        ("UPDATE ON login_throttle", "count a failed login"),
        ("DELETE ON login_throttle", "forget failed logins"),
    ],
)
def test_a_right_that_is_missing_is_named(migrated: Server, least: dict[str, str], right: str, what: str) -> None:
    migrated.sql(f"REVOKE {right} FROM worker@localhost", NAME)
    (problem,) = problems(migrated, **least)
    assert problem.startswith(f"the service cannot {what}: database error 1142: {right.split()[0]} command denied")
    assert problem.endswith("; see sql/grants.sql")


def test_several_rights_that_are_missing_are_all_named(migrated: Server, least: dict[str, str]) -> None:
    migrated.sql("REVOKE INSERT, DELETE ON auth_tokens FROM worker@localhost", NAME)
    assert [problem.split(":")[0] for problem in problems(migrated, **least)] == [
        "the service cannot add a token",
        "the service cannot revoke a token",
    ]


def test_a_server_that_takes_no_writes_is_not_ready(migrated: Server) -> None:
    migrated.sql("SET GLOBAL read_only = 1")
    try:
        (problem,) = problems(migrated)
    finally:
        migrated.sql("SET GLOBAL read_only = 0")
    assert problem.startswith("the service cannot add a token: database error 1290: ") and "read-only" in problem
    assert problems(migrated) == []


def test_a_node_that_answers_nothing_but_information_schema_is_not_ready(migrated: Server) -> None:
    lost = error(1047, "WSREP has not yet prepared node for application use", "08S01")
    with answering(migrated, {"/* readiness.read": lost, "/* readiness.insert": lost}) as port:
        url = f"mysql://gatepass:{migrated.password}@127.0.0.1:{port}/gatepass"
        (problem,) = problems(migrated, DATABASE_URL=url)
    assert problem.startswith("the service cannot read users: database error 1047: WSREP")


def test_asking_changes_no_row(database: Server, service: Service) -> None:
    every = "; ".join(f"CHECKSUM TABLE {table}" for table in ALL)
    before = database.sql(every, "gatepass")
    assert problems(database) == [] and database.sql(every, "gatepass") == before


@pytest.mark.parametrize(("seconds", "told"), [(90, "90 s ahead of"), (-90, "90 s behind"), (0, ""), (3, "")])
def test_a_clock_that_is_not_the_databases_is_warned_of(migrated: Server, seconds: int, told: str) -> None:
    """Of two nodes whose clocks differ, at least one differs from the database's."""
    settings = load(environment(migrated))
    with unpooled_connection(settings.database_url, 60) as run:
        warnings = readiness.clock_difference(run, lambda: time.time() + seconds)
    assert [told in warning for warning in warnings] == [True] * bool(told)


def shares(service: Service) -> dict[str, float]:
    lines = [line.split() for line in service.client.get("/metrics").text.splitlines()]
    return {line[0]: float(line[1]) for line in lines if line[0].startswith("gatepass_ids_used_ratio")}


@pytest.mark.parametrize(
    ("change", "used", "columns"),
    [
        ("users AUTO_INCREMENT = 1700000000", 0.79, []),
        ("users AUTO_INCREMENT = 1800000000", 0.84, ["auth_tokens.user_id", "users.id"]),
        ("users MODIFY id BIGINT NOT NULL AUTO_INCREMENT, AUTO_INCREMENT = 1800000000", 0.84, ["auth_tokens.user_id"]),
        ("auth_tokens AUTO_INCREMENT = 1800000000", 0.0, []),
        ("auth_tokens AUTO_INCREMENT = 9000000000000000000", 0.98, ["auth_tokens.id"]),
    ],
)
def test_ids_that_end_are_told_long_before(
    database_server: Server, service: Service, change: str, used: float, columns: list[str]
) -> None:
    table = change.split()[0]
    database_server.sql(f"CREATE TABLE kept LIKE {table}; ALTER TABLE {change}", "gatepass")
    try:
        ready, metrics = service.client.get("/readyz"), shares(service)
        afar = service.client.get("/readyz", environ_base={"REMOTE_ADDR": "203.0.113.7"})
    finally:
        database_server.sql(f"DROP TABLE {table}; RENAME TABLE kept TO {table}", "gatepass")
    assert ready.status_code == 200 and ready.json["status"] == "ready"
    told = ready.json.get("warnings", [])
    assert [warning.split(" are used up")[0].split()[-1] for warning in told] == columns
    assert afar.json == {"status": "ready"}
    column = columns[0] if columns else f"{table}.id"
    assert metrics[f'gatepass_ids_used_ratio{{column="{column}"}}'] == pytest.approx(used, abs=0.01)


def test_how_long_the_purge_has_been_missed_is_told(service: Service) -> None:
    add = "INSERT INTO auth_tokens (auth_key, user_id, creation_time, expiry, last_access, device_info, kind) VALUES "
    rows = (("a", "0", "jwt_refresh"), ("b", "UNIX_TIMESTAMP() + 1000", "mobile"))  # being revoked, and live
    late = (("c", "UNIX_TIMESTAMP() - 5000", "mobile"), ("d", "UNIX_TIMESTAMP() - 90000", "stream"))
    for tokens, least in ((rows, 0), (late, 90_000)):
        values = ", ".join(f"(REPEAT('{key}', 40), 1, 0, {expiry}, 0, '', '{kind}')" for key, expiry, kind in tokens)
        service.server.sql(add + values, "gatepass")
        assert service.client.get("/readyz").status_code == 200
        lines = service.client.get("/metrics").text.splitlines()
        (told,) = [line.split()[1] for line in lines if line.startswith("gatepass_oldest_expired_token_seconds ")]
        assert least <= float(told) < least + 1000
