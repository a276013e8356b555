"""What an old schema may hold that breaks a login later: found before any change, each with its way out."""

import subprocess

import pytest

from tests.commands import flask
from tests.conftest import environment, migrate
from tests.database_servers import only_mariadb
from tests.db.old_php import DUMP, ZERO_DATES, schema
from tools.private_server import Server
from v1.db import readiness
from v1.settings import load

T = "ALTER TABLE auth_tokens"
U = "ALTER TABLE users"
OWNED = f"DELETE FROM auth_tokens WHERE user_id = 77; {T}"
TRIGGER = "CREATE TRIGGER {} BEFORE INSERT ON auth_tokens FOR EACH ROW SET NEW.device_info = LEFT(NEW.device_info, 10)"
SHOP = "CREATE TABLE shop (token INT, CONSTRAINT shop_token FOREIGN KEY (token) REFERENCES auth_tokens (id))"
LONG = "username VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci NOT NULL"

CASES = [
    pytest.param(
        f"{T} ADD app VARCHAR(9) NOT NULL", "auth_tokens  app", f"{T} ALTER COLUMN app SET DEFAULT ''", id="column"
    ),
    pytest.param(f"{U} ADD email TEXT NOT NULL", "users  email", f"{U} MODIFY email TEXT NULL", id="column of users"),
    pytest.param(
        f"{OWNED} ADD CONSTRAINT owner FOREIGN KEY (user_id) REFERENCES users(id)",
        "auth_tokens  owner",
        f"{T} DROP FOREIGN KEY owner",
        id="foreign key from",
    ),
    pytest.param(SHOP, "shop  shop_token", "ALTER TABLE shop DROP FOREIGN KEY shop_token", id="foreign key to"),
    pytest.param(
        "RENAME TABLE users TO people; CREATE VIEW users AS SELECT * FROM people",
        "users  VIEW",
        "DROP VIEW users; RENAME TABLE people TO users",
        id="view",
    ),
    pytest.param(
        "RENAME TABLE auth_tokens TO old; CREATE VIEW auth_tokens AS SELECT * FROM old",
        "auth_tokens  VIEW",
        "DROP VIEW auth_tokens; RENAME TABLE old TO auth_tokens",
        id="view of tokens",
    ),
    pytest.param("CREATE VIEW profiles AS SELECT 1", "profiles  VIEW", "DROP VIEW profiles", id="view of profiles"),
    pytest.param("CREATE VIEW counts AS SELECT 1", "counts  VIEW", "DROP VIEW counts", id="view of counts"),
    pytest.param(
        f"{U} ADD SYSTEM VERSIONING",
        "users  SYSTEM VERSIONED",
        f"{U} DROP SYSTEM VERSIONING",
        id="versioned",
        marks=only_mariadb,  # MySQL has no such tables
    ),
    pytest.param(
        f"{U} PARTITION BY HASH (id) PARTITIONS 4", "users  partitioned", f"{U} REMOVE PARTITIONING", id="partitioned"
    ),
    pytest.param(
        f"{T} DROP id", "auth_tokens  id", f"{T} ADD id INT NOT NULL AUTO_INCREMENT PRIMARY KEY FIRST", id="no id"
    ),
    pytest.param(
        f"{U} DROP access_level", "users  access_level", f"{U} ADD access_level INT NOT NULL DEFAULT 1", id="no column"
    ),
    pytest.param(
        f"{T} MODIFY id INT NOT NULL, DROP PRIMARY KEY",
        "auth_tokens  id  int",
        f"{T} MODIFY id INT NOT NULL AUTO_INCREMENT, ADD PRIMARY KEY (id)",
        id="no primary key",
    ),
    pytest.param(
        f"{U} MODIFY id INT NOT NULL",
        "users  id  int",
        f"{U} MODIFY id INT NOT NULL AUTO_INCREMENT",
        id="no counter",
    ),
    pytest.param(
        f"{U} ROW_FORMAT=COMPACT, MODIFY {LONG}", "users  username", f"{U} ROW_FORMAT=DYNAMIC", id="key too long"
    ),
    pytest.param(
        f"{U} MODIFY username TEXT NOT NULL",
        "users  username  text",
        f"{U} MODIFY username VARCHAR(60) NOT NULL",
        id="text",
    ),
    pytest.param(
        f"{T} ADD UNIQUE KEY one (user_id, device_info(9))",
        "auth_tokens  one  user_id,device_info",
        f"{T} DROP KEY one",
        id="unique key",
    ),
    pytest.param(
        f"{T} ADD CONSTRAINT sane CHECK (expiry <> 0)", "auth_tokens  sane", f"{T} DROP CONSTRAINT sane", id="check"
    ),
    pytest.param(TRIGGER.format("cut"), "auth_tokens  cut  BEFORE  INSERT", "DROP TRIGGER cut", id="trigger"),
    pytest.param(
        TRIGGER.format("cut"),
        "auth_tokens  cut  BEFORE  INSERT",
        f"DROP TRIGGER cut; {TRIGGER.format('gatepass_cut')}",
        id="trigger that is seen",
    ),
]


def refused(server: Server, database: str) -> str:
    with pytest.raises(subprocess.CalledProcessError) as failed:
        flask(server, "db", "migrate", database=database)
    assert failed.value.stdout == "", "nothing was begun"
    assert "Traceback" not in failed.value.stderr and "database error" not in failed.value.stderr
    assert "nothing was changed" in failed.value.stderr
    return failed.value.stderr


@pytest.mark.parametrize(("sql", "listed", "way_out"), CASES)
def test_it_is_listed_and_the_way_out_is_one(
    database_server: Server, fresh: str, sql: str, listed: str, way_out: str
) -> None:
    database_server.sql(f"{DUMP} {sql};", fresh)
    before = schema(database_server, fresh)
    assert f"\n  {listed}" in refused(database_server, fresh)
    assert schema(database_server, fresh) == before
    database_server.sql(ZERO_DATES + way_out, fresh)
    migrate(database_server, fresh)
    assert readiness.check(load(environment(database_server, fresh))).problems == []


def test_all_are_in_one_list_with_the_rows_in_the_way(database_server: Server, fresh: str) -> None:
    several = [f"{T} ADD app VARCHAR(9) NOT NULL", f"{U} DROP access_level", SHOP, TRIGGER.format("cut")]
    twins = "INSERT INTO auth_tokens SELECT NULL, auth_key, 1, 1, 1, 1, '' FROM auth_tokens WHERE id = 1;"
    database_server.sql(f"{DUMP} {twins} {';'.join(several)};", fresh)
    told = refused(database_server, fresh)
    for listed in ("auth_tokens  app", "users  access_level", "shop  shop_token", "auth_tokens  cut", "1, 1000"):
        assert f"\n  {listed}" in told


@pytest.mark.parametrize(
    "harmless",
    [
        f"{T} ADD app VARCHAR(9) NOT NULL DEFAULT '', ADD meta JSON NULL, ADD seen TIMESTAMP NOT NULL DEFAULT NOW()",
        f"{T} ADD half INT AS (user_id DIV 2) STORED, ADD state ENUM('a', 'b') NOT NULL",
        f"{U} ADD UNIQUE KEY one (remote_ip, id), ADD CONSTRAINT sane CHECK (access_level < 99999999999)",
        "CREATE TABLE shop (user INT, FOREIGN KEY (user) REFERENCES users (id))",
        f"{T} ADD KEY (id), DROP PRIMARY KEY, ADD PRIMARY KEY (auth_key, id), ADD UNIQUE KEY (id)",
    ],
    ids=lambda harmless: harmless[:40],
)
def test_what_breaks_nothing_is_served(database_server: Server, fresh: str, harmless: str) -> None:
    database_server.sql(f"{DUMP} {harmless};", fresh)
    migrate(database_server, fresh)
    assert readiness.check(load(environment(database_server, fresh))).problems == []
    flask(database_server, "user", "add", "zoe", stdin="a password\n", database=fresh)


def test_what_is_added_later_is_seen(database_server: Server, fresh: str) -> None:
    database_server.sql(DUMP, fresh)
    migrate(database_server, fresh)
    settings = load(environment(database_server, fresh))
    assert readiness.check(settings) == readiness.State([], [])
    database_server.sql(f"{U} ADD email TEXT NOT NULL; {SHOP.replace('token INT', 'token BIGINT')};", fresh)
    state = readiness.check(settings)
    (warning,) = state.warnings
    assert state.problems == [] and warning.startswith("columns of users") and warning.endswith(": users.email")
    database_server.sql(f"{T} ADD app VARCHAR(9) NOT NULL", fresh)
    (problem,) = readiness.check(settings).problems
    assert problem.endswith(": auth_tokens.app") and "SET DEFAULT" in problem
    assert "\n  auth_tokens  app" in refused(database_server, fresh)
