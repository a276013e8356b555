"""Tests sql/grants.sql: the service can do all that it does, a reader can look, and neither can do more."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pymysql
import pytest

from tests.conftest import NOW, ROOT, Clock, Service, add_user, migrate
from tests.db.old_php import new_database
from tools.private_server import Server
from v1.cli.db import db
from v1.cli.sessions import session
from v1.cli.tokens import token
from v1.cli.users import user
from v1.db import host_health, statements
from v1.db.statements import Statement
from v1.db.tables import Tables
from v1.db.unpooled import unpooled_connection
from v1.observe import metrics
from v1.records import Profile, Token
from v1.settings.database_url import parse

NAME = "gatepass_granted"
VERBS = {"user": user, "session": session, "token": token, "db": db}
VIEWS = ["active_sessions", "sessions_per_device", "expired_sessions", "throttled_now", "activity"]


@pytest.fixture(scope="module")
def granted(database_server: Server) -> Iterator[str]:
    """A database whose accounts have what sql/grants.sql gives them; the service's DATABASE_URL. In the order of the
    documents: the accounts, the tables, the views, the rights."""
    names = {"gatepass@localhost": "least@localhost", "gatepass_read@localhost": "looks@localhost"}
    grants = (ROOT / "sql/grants.sql").read_text()
    for name, other in names.items():
        grants = grants.replace(name, other)
    with new_database(database_server, NAME):
        database_server.sql("DROP USER IF EXISTS least@localhost, looks@localhost")
        database_server.sql(
            "CREATE USER least@localhost IDENTIFIED BY 'secret', looks@localhost IDENTIFIED BY 'secret'"
        )
        migrate(database_server, NAME)
        database_server.sql((ROOT / "sql/views.sql").read_text(), NAME)
        database_server.sql(grants, NAME)
        yield f"mysql://least:secret@localhost/{NAME}?unix_socket={database_server.socket}"
        database_server.sql("DROP USER least@localhost, looks@localhost")


class Ran(dict[str, Statement]):
    """The statements, and the names of those that were asked for."""

    def __init__(self, *given: dict[str, Statement]) -> None:
        super().__init__(*given)
        self.names: set[str] = set()

    def __getitem__(self, name: str) -> Statement:
        self.names.add(name)
        return super().__getitem__(name)


def database_errors() -> float:
    """What was denied to work that may fail, and to what is written later, is counted here as well."""
    return sum(each.value for each in metrics.database_errors.collect()[0].samples if each.name.endswith("_total"))


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> Ran:
    names = Ran(statements.load())
    monkeypatch.setattr(statements, "load", lambda: names)
    return names


def test_the_granted_rights_are_enough_for_all_that_the_service_does(
    make_service: Callable[..., Service], database_server: Server, granted: str, clock: Clock, ran: Ran
) -> None:
    """Each of its statements is run, by its doors or its verbs."""
    limits = {"MAX_SESSIONS_PER_USER": "2", "THROTTLE_PAIR": "5", "ERROR_STATUS": "http"}
    service, errors = make_service(DATABASE_URL=granted, BCRYPT_COST="5", **limits), database_errors()

    def verb(line: str, stdin: str = "") -> str:
        group, *words = line.split()
        done = service.app.test_cli_runner().invoke(VERBS[group], words, input=stdin)
        assert done.exit_code == 0, f"{line}: {done.stderr}"
        return str(done.stdout).strip()

    def ask(line: str, bearer: str = "", status: int = 200, body: Any = None, **form: str) -> Any:
        method, path = line.split()
        headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        sent = {"data": form} if body is None else {"json": body}
        answer = service.client.open(path, method=method, headers=headers, **sent)
        assert answer.status_code == status, f"{line}: {answer.text}"
        return answer.json if answer.is_json else None

    def log_in() -> str:
        return str(ask("POST /v1/oauth/", username="bob", password="password")["data"]["access_token"])

    add_user(database_server, "bob", database=NAME)  # whose hash is of a lower cost: it is rehashed
    ask("POST /v1/oauth/", status=401, username="bob", password="wrong")
    assert database_server.sql("SELECT scope, failures FROM login_throttle", NAME) == "pair\t1\n"
    assert service.core.tables.login_throttle.claim_report(clock(), 60)
    database_server.sql("DELETE FROM login_throttle WHERE scope = 'report'", NAME)
    tokens = [log_in() for _ in range(3)]  # the third login drops the first
    assert database_server.sql("SELECT LEFT(password, 7) FROM users", NAME) == "$2y$05$\n"
    assert (
        database_server.sql("SELECT COUNT(*) FROM auth_tokens; SELECT COUNT(*) FROM login_throttle", NAME) == "2\n0\n"
    )
    server = verb("token create orders --scope introspect --scope revoke")
    verb("token create own --scope stream --user bob")

    clock.now += 100  # every use is worth a note
    ask("GET /v1/verify/", tokens[2])
    assert ask("POST /v1/oauth/introspect/", server, token=tokens[1])["active"]
    service.core.write_behind.write()
    assert database_server.sql("SELECT COUNT(*) FROM auth_tokens WHERE last_access > creation_time", NAME) == "3\n"
    assert database_server.sql("SELECT outcome, logins FROM login_stats", NAME) == "failed\t1\nok\t3\n"

    sessions = ask("GET /v1/sessions/", tokens[2])["data"]
    ask(f"DELETE /v1/sessions/{sessions[1]['id']}/", tokens[2])
    for line in ("DELETE /v1/sessions/", "DELETE /v1/sessions/?all=1", "POST /v1/logout/"):
        ask(line, log_in())
    ask("POST /v1/oauth/revoke/", token=log_in())
    bob = int(database_server.sql("SELECT id FROM users", NAME))
    use_the_other_doors(ask, verb, bob)
    look_as_the_console_does(service.core.tables, bob)
    search_as_the_console_does(service.core.tables, bob)
    ask("POST /v1/oauth/revoke/", server, user="bob")

    log_in()
    for line in ("user list", "user show bob", "user admin bob", "db status", "session list bob", "token list"):
        verb(line)
    verb("user add alice", "a password\n")
    verb("user passwd alice", "another one\n")
    api, mobile = database_server.sql("SELECT id FROM auth_tokens ORDER BY kind", NAME).split()
    for line in (f"session revoke {mobile}", "session revoke --user bob", "session revoke --user bob --all"):
        verb(line)
    for line in (f"token revoke {api}", "user disable bob", "user enable bob", "session purge"):
        verb(line)
    ask("GET /readyz")

    with unpooled_connection(parse(granted), 60) as run:  # what is asked where there are several hosts
        assert host_health.lacks_migration(run) is None
    others = {each for each in ran if each.startswith("migration.")}
    others |= {f"hosts.{each}" for each in ("galera", "group", "causal_galera", "causal_group")}
    others |= {"auth_tokens.parent_lives", "auth_tokens.count_named"}  # on Galera
    kept = {f"auth_tokens.end_{each}" for each in ("of_user", "kinds_of_user", "kinds_of_parent")}  # for rows that stay
    assert set(ran) - ran.names == (others | kept) - {"migration.tables"}
    assert database_errors() == errors


def use_the_other_doors(ask: Callable[..., Any], verb: Callable[[str], str], user_id: int) -> None:
    """Pairs of tokens, stream tokens and personal ones: made, used and revoked."""
    access, refresh = ask("POST /token", status=201, body={"login": "bob", "password": "password"}).values()
    ask("GET /user/current", access)
    ask("POST /token/create", access, 201, {"userId": user_id, "actions": ["GetCurrentUser"]})
    ask("POST /v1/oauth/revoke/", token=refresh)

    video = verb("token create video --scope stream")
    params = {"Token": video, "stream": "cam1", "live": True}
    asked = {"jsonrpc": "2.0", "method": "Auth.CreateAccessToken", "params": params, "id": 1}
    stream = ask("POST /api/", body=asked)["result"]
    ask(f"GET /stream/check?stream=cam1&action=live&token={stream}", status=204)
    (number,) = [each["id"] for each in json.loads(verb("token list --json")) if each["name"] == "video"]
    assert verb(f"token revoke {number} --with-streams") == f"revoked {number} and 1 stream tokens"

    credentials = {"grant_type": "client_credentials", "client_id": "bob", "client_secret": "password"}
    manager = ask("POST /apiops/auth/token", **credentials)["access_token"]
    wanted = {"name": "backup", "expires": "never"}
    personal = ask("POST /apiops/tokens/", manager, 201, wanted)
    ask("POST /apiops/tokens/", manager, 409, wanted)
    assert len(ask("GET /apiops/tokens/", personal["token"])["tokens"]) == 1
    ask(f"DELETE /apiops/tokens/{personal['id']}/", manager)


def look_as_the_console_does(tables: Tables, user_id: int) -> None:
    """What its pages ask for beyond what the other doors do."""
    assert not tables.users.change_password(user_id, b"another", b"new")
    tables.profiles.save(user_id, Profile("Bob", "bob@b.example"))
    tables.profiles.save(user_id, Profile("Bob"))
    assert tables.profiles.find(user_id) == Profile("Bob")
    assert len(tables.tokens.page_devices(user_id, ("personal",), 0, NOW, 0, 10)) == 0
    assert tables.tokens.count_devices(user_id, ("personal",), 0, NOW) == 0
    assert tables.tokens.list_alike(Token(1, user_id, "x", None, "", "", 0, 0, 0), 0, NOW, 10) == []
    assert tables.tokens.count_live_kinds(user_id, ("personal",), NOW, 10) == 0
    assert tables.tokens.count_kind(user_id, "personal", 10) == 0
    assert tables.tokens.live_by_kind(NOW, 100) and tables.tokens.top_devices(NOW, 100, 5) == []
    assert tables.login_stats.by_hour("2023-01-01") and tables.login_stats.by_day("2023-01-01")
    assert tables.login_throttle.waiting(NOW, 10) == tables.login_throttle.of_user(user_id, NOW, 10) == []
    assert len(tables.login_throttle.of_addresses(["192.0.2.1"], NOW)) <= 1
    assert tables.login_throttle.clear_user(user_id) == 0
    assert len(tables.events.page_of_user(user_id, 0, 100)) == tables.events.count_of_user(user_id, 100) > 3


def search_as_the_console_does(tables: Tables, user_id: int) -> None:
    """Every way to find a user."""
    search = tables.user_search
    assert list(search.named("bob").users) == list(search.with_words("b", "bob").users) == [user_id]
    assert not search.at_address("192.0.2.200", NOW).users | search.on_device("x", NOW).users
    assert not search.on_devices("x", NOW).users | search.with_app("x/1").users
    assert not search.blocked(NOW).users | search.disabled().users | search.administrators().users


def test_the_reader_sees_every_view_and_the_counts(database_server: Server, granted: str) -> None:
    way = {"database": NAME, "unix_socket": str(database_server.socket)}
    with pymysql.connect(user="looks", password="secret", **way) as link, link.cursor() as cursor:
        for name in [*VIEWS, "login_stats"]:
            cursor.execute(f"SELECT * FROM {name}")


def rights(server: Server, account: str) -> dict[str, str]:
    """What an account may do, by table or view."""
    shown = server.sql(f"SHOW GRANTS FOR {account}@localhost")
    assert "GRANT OPTION" not in shown
    return {place: given for given, place in re.findall(r"^GRANT (.*?) ON (\S+) TO", shown, re.MULTILINE)}


def test_neither_account_has_any_other_right(database_server: Server, granted: str) -> None:
    def here(names: list[str], given: str) -> dict[str, str]:
        return {f"`{NAME}`.`{name}`": given for name in names}

    nothing = {"*.*": "USAGE"}
    rows, all_rows = "SELECT, INSERT, UPDATE", "SELECT, INSERT, UPDATE, DELETE"
    purged = here(["auth_tokens", "login_throttle", "login_stats"], all_rows)
    added = here(["events", "profile_words"], "SELECT, INSERT, DELETE")
    changed = here(["users", "profiles", "counts"], rows)
    assert rights(database_server, "least") == nothing | changed | added | purged
    assert rights(database_server, "looks") == nothing | here([*VIEWS, "login_stats"], "SELECT")
