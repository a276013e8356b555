"""Tests sql/grants.sql: the service can do all that it does, a reader can look, and neither can do more."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pymysql
import pytest

from tests.conftest import COST_4, NOW, ROOT, Clock, Service, add_user, migrate
from tests.db.old_php import new_database
from tests.doors.console.signed_in import PAGES, SAME_ORIGIN
from tools.private_server import Server
from v1.auth import user_search
from v1.auth.counting import Counted, steps
from v1.auth.counts import Counting
from v1.cli.db import db
from v1.cli.sessions import session
from v1.cli.tokens import token
from v1.cli.users import user
from v1.db import host_health, statements
from v1.db.statements import Statement
from v1.db.tables import Tables
from v1.db.tables.counts import Counts
from v1.db.unpooled import unpooled_connection
from v1.observe import metrics
from v1.settings.database_url import parse

NAME = "gatepass_granted"
GROUPS = {"user": user, "session": session, "token": token, "db": db}
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
    """Each of its statements is run, by its doors or its commands."""
    limits = {"MAX_SESSIONS_PER_USER": "2", "THROTTLE_PAIR": "5", "ERROR_STATUS": "http"}
    service, errors = make_service(DATABASE_URL=granted, BCRYPT_COST="5", **limits), database_errors()

    def run(line: str, stdin: str = "") -> str:
        group, *words = line.split()
        done = service.app.test_cli_runner().invoke(GROUPS[group], words, input=stdin)
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
    server = run("token create orders --scope introspect --scope revoke")
    run("token create own --scope stream --user bob")

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
    use_the_other_doors(ask, run, bob)
    count_as_overview_does(service.core.tables)
    use_the_console(service, bob)
    ask("POST /v1/oauth/revoke/", server, user="bob")

    log_in()
    for line in ("user list", "user show bob", "user admin bob", "db status", "session list bob", "token list"):
        run(line)
    run("user add alice", "a password\n")
    run("user passwd alice", "another one\n")
    api, mobile = database_server.sql("SELECT id FROM auth_tokens ORDER BY kind", NAME).split()
    for line in (f"session revoke {mobile}", "session revoke --user bob", "session revoke --user bob --all"):
        run(line)
    for line in (f"token revoke {api}", "user disable bob", "user enable bob", "session purge"):
        run(line)
    ask("GET /readyz")

    with unpooled_connection(parse(granted), 60) as asked:  # what is asked where there are several hosts
        assert host_health.lacks_migration(asked) is None
    others = {each for each in ran if each.startswith("migration.")}
    others |= {f"hosts.{each}" for each in ("galera", "group", "causal_galera", "causal_group")}
    others |= {"auth_tokens.parent_lives", "auth_tokens.count_named"}  # on Galera
    kept = {f"auth_tokens.end_{each}" for each in ("of_user", "kinds_of_user", "kinds_of_parent")}  # for rows that stay
    assert set(ran) - ran.names == (others | kept) - {"migration.tables"}
    assert database_errors() == errors


def use_the_other_doors(ask: Callable[..., Any], run: Callable[[str], str], user_id: int) -> None:
    """Pairs of tokens, stream tokens and personal ones: made, used and revoked."""
    access, refresh = ask("POST /token", status=201, body={"login": "bob", "password": "password"}).values()
    ask("GET /user/current", access)
    ask("POST /token/create", access, 201, {"userId": user_id, "actions": ["GetCurrentUser"]})
    ask("POST /v1/oauth/revoke/", token=refresh)

    video = run("token create video --scope stream")
    params = {"Token": video, "stream": "cam1", "live": True}
    asked = {"jsonrpc": "2.0", "method": "Auth.CreateAccessToken", "params": params, "id": 1}
    stream = ask("POST /api/", body=asked)["result"]
    ask(f"GET /stream/check?stream=cam1&action=live&token={stream}", status=204)
    (number,) = [each["id"] for each in json.loads(run("token list --json")) if each["name"] == "video"]
    assert run(f"token revoke {number} --with-streams") == f"revoked {number} and 1 stream tokens"

    credentials = {"grant_type": "client_credentials", "client_id": "bob", "client_secret": "password"}
    manager = ask("POST /apiops/auth/token", **credentials)["access_token"]
    wanted = {"name": "backup", "expires": "never"}
    personal = ask("POST /apiops/tokens/", manager, 201, wanted)
    ask("POST /apiops/tokens/", manager, 409, wanted)
    assert len(ask("GET /apiops/tokens/", personal["token"])["tokens"]) == 1
    ask(f"DELETE /apiops/tokens/{personal['id']}/", manager)


def count_as_overview_does(tables: Tables) -> None:
    """The steps of a count that only large databases need, too."""
    assert (counting := Counting(tables, lambda: NOW)).count()
    assert (found := counting.latest()) and found.kinds
    assert tables.counts.renew("sessions", tables.counts.find("sessions").claimed_until, NOW)
    list(steps(Counts(tables.counts._database, 0), NOW, Counted()))
    assert tables.login_stats.by_day("2023-01-01")


def use_the_console(service: Service, user_id: int) -> None:
    """Every page and form of the console, as an administrator."""
    service.server.sql("UPDATE users SET is_admin = 1", NAME)
    service.client.post("/v1/oauth/", data={"username": "bob", "password": "password"})
    client = service.app.test_client()
    given = {"username": "bob", "password": "password"}
    assert client.post("/console/sign-in/", data=given, headers=SAME_ORIGIN).status_code == 303
    session = service.server.sql("SELECT MAX(id) FROM auth_tokens WHERE kind = 'console'", NAME).strip()

    def post(path: str, **fields: str) -> None:
        form = {"session": session, "user": str(user_id)} | fields
        answer = client.post(f"/console/{path}", data=form, headers=SAME_ORIGIN)
        assert answer.status_code in (200, 303), f"{path}: {answer.text}"

    post("tokens/new/", name="x", expiration="never", date="")
    token = service.server.sql("SELECT MAX(id) FROM auth_tokens WHERE kind = 'personal'", NAME).strip()
    ids = {"user": user_id, "token": token}
    for path in [path for _, path in PAGES] + [f"/console/{each}" for each in FURTHER]:
        assert client.get(path.format(**ids)).status_code in (200, 303), path
    service.core.write_behind.write()
    post("profile/", full_name="Bob", email="bob@b.example")
    post(f"tokens/{token}/rename/", name="y")
    post(f"tokens/revoke/?token={token}")
    post("overview/pardon/", address="192.0.2.1")
    post(f"users/{user_id}/clear-failures/")
    phone = service.server.sql("SELECT MAX(id) FROM auth_tokens WHERE kind = 'mobile'", NAME).strip()
    post(f"devices/{phone}/sign-out/", alike="1")
    post("password/", current="password", new="password of bob", again="password of bob")
    service.server.sql(f"UPDATE users SET password = '{COST_4}', is_admin = 0", NAME)


FURTHER = (
    *("users/?search=b", "users/?search=b+bob", "users/?search=192.0.2.200", "users/?sort=newest"),
    *("users/?device=x", "users/?app=x/1", *(f"users/?filter={each}" for each in user_search.FILTERS)),
    *("tokens/?filter=unused", "tokens/?filter=expiring", "tokens/?filter=never", "overview/?range=30d"),
)


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
