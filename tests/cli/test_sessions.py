"""Tests `gatepass session ...`: who is signed in where, signing out, and the clean-up."""

import json
import re
import signal
import subprocess
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from tests import processes
from tests.cli import invoke
from tests.commands import flask_process
from tests.conftest import NOW, ROOT, Server, Service, add_user, environment
from tests.db.in_line import cut_off
from tests.e2e.faults import as_root, until
from tests.environments import BIN
from tests.numbers import numbers
from v1.cli.sessions import session
from v1.errors import DatabaseDown
from v1.kinds import DEVICES

run, refused = partial(invoke.run, session), partial(invoke.refused, session)

DAY = 86_400
FIELDS = ["id", "user_id", "kind", "name", "device_info", "remote_ip", "creation_time", "last_access", "expiry"]
FIELDS += ["last_ip"]


def add(
    server: Server, user: str, kind: str = "mobile", expires_in: int = 1000, count: int = 1, **columns: str
) -> None:
    """So many tokens of that user; `columns` are SQL."""
    text = {"device_info": "'phone'", "remote_ip": "'192.0.2.7'", "last_access": str(NOW), **columns}
    server.sql(
        f"INSERT INTO auth_tokens (auth_key, user_id, kind, creation_time, expiry, {', '.join(text)})"
        f" SELECT LEFT(SHA2(UUID(), 256), 40), id, '{kind}', 1, {NOW} + {expires_in} + seq, {', '.join(text.values())}"
        f" FROM users, {numbers(count)} WHERE username = '{user}'",
        "gatepass",
    )


def kinds(server: Server) -> list[str]:
    return sorted(server.sql("SELECT kind FROM auth_tokens", "gatepass").split())


def count(server: Server, table: str = "auth_tokens") -> int:
    return int(server.sql(f"SELECT COUNT(*) FROM {table}", "gatepass"))


def test_a_list_shows_live_tokens_of_every_kind_the_one_used_last_first(service: Service) -> None:
    server = service.server
    add_user(server, "other")
    add(server, "other")
    add(server, "admin", device_info="'old'", last_access="1")
    add(server, "admin", device_info="'Pixel 9'", last_access=str(NOW + 900))
    add(server, "admin", "api", name="'orders'", claims="'{\"scope\": \"revoke\"}'")
    add(server, "admin", expires_in=-10)
    found = json.loads(run(service, "list", "ADMIN", "--json").stdout)
    assert [each["device_info"] for each in found] == ["Pixel 9", "phone", "old"]
    assert [list(each) for each in found] == [FIELDS, [*FIELDS, "scope"], FIELDS]
    assert (found[1]["kind"], found[1]["name"], found[1]["scope"]) == ("api", "orders", "revoke")
    lines = run(service, "list", "admin").stdout.splitlines()
    assert lines[0].split() == ["id", "kind", "device", "address", "last", "used", "expires"]
    assert [line.split()[0] for line in lines[1:]] == [str(each["id"]) for each in found]
    assert "1970-01-01 00:00:01" in lines[3] and "192.0.2.7" in lines[3]


def test_a_list_is_bounded_says_so_and_shows_no_control_characters(service: Service) -> None:
    add(service.server, "admin", count=3, device_info="'evil\x1b[2J\n'")
    done = run(service, "list", "admin", "--limit", "2")
    assert len(done.stdout.splitlines()) == 3 and "raise --limit" in done.stderr
    assert "\x1b" not in done.stdout and r"evil\x1b[2J\n" in done.stdout
    assert "raise --limit" not in run(service, "list", "admin", "--limit", "4").stderr


def test_one_token_is_revoked_by_its_id_with_its_children_and_who_did_it_is_logged(service: Service) -> None:
    add(service.server, "admin", "jwt_refresh")
    number = service.server.sql("SELECT id FROM auth_tokens", "gatepass").strip()
    add(service.server, "admin", "jwt_access", parent_id=number)
    add(service.server, "admin")
    done = run(service, "revoke", number)
    assert (done.code, done.stdout) == (0, f"revoked {number}\n")
    (line,) = done.acts("token.revoked")
    assert (line["token_id"], line["revoked"]) == (int(number), 1)
    assert count(service.server) == 1
    assert f"no token of id {number}" in refused(service, "revoke", number)


@pytest.mark.parametrize(
    ("words", "revoked", "left"),
    [([], 4, ["api", "management", "mobile", "personal"]), (["--all"], 7, ["mobile"])],
    ids=["devices", "all"],
)
def test_a_user_is_signed_out_everywhere(service: Service, words: list[str], revoked: int, left: list[str]) -> None:
    add_user(service.server, "other")
    add(service.server, "other")
    for kind in (*DEVICES, "api", "management", "personal"):
        add(service.server, "admin", kind)
    done = run(service, "revoke", "--user", "Admin", *words)
    assert (done.code, done.stdout) == (0, f"revoked {revoked} tokens of admin\n")
    (line,) = done.acts("sessions.revoked")
    assert line["revoked"] == revoked and line["user_id"]
    assert kinds(service.server) == left


def test_wrong_words_are_one_clear_sentence_and_change_nothing(service: Service) -> None:
    add(service.server, "admin")
    assert "there is no user 'nobody'" in refused(service, "list", "nobody")
    assert "there is no user 'nobody'" in refused(service, "revoke", "--user", "nobody", "--all")
    assert "no token of id 9" in refused(service, "revoke", "9" * 25)
    for words in (["revoke"], ["revoke", "1", "--user", "admin"], ["revoke", "1", "--all"], ["revoke", "--all"]):
        assert "give an ID, or --user NAME" in refused(service, *words, code=2)
    for words in (["revoke", "0"], ["revoke", "-1"], ["revoke", "1.0"], ["revoke", "NaN"], ["purge", "--batch", "0"]):
        assert "Error: " in refused(service, *words, code=2)
    for words in (["list"], ["list", "admin", "--limit", "0"], ["purge", "--grace", "-1"], ["nothing"]):
        assert "Error: " in refused(service, *words, code=2)
    assert count(service.server) == 1


def test_a_purge_deletes_what_has_expired_and_nothing_else(service: Service) -> None:
    add(service.server, "admin", expires_in=-100, count=30)
    add(service.server, "admin", expires_in=100)
    service.server.sql(
        "INSERT INTO login_throttle (scope, address, failures, window_end, expiry)"
        f" VALUES ('address', 'old', 1, 0, {NOW}), ('address', 'new', 1, 0, {NOW + 1});"
        "INSERT INTO login_stats VALUES ('2021-11-12 21:00:00', 'old', 'ok', 1);"
        "INSERT INTO login_stats VALUES ('2021-11-12 22:00:00', 'new', 'ok', 1);",
        "gatepass",
    )
    done = run(service, "purge", "--batch", "7")
    assert done.code == 0 and done.stdout.endswith("purged 30 tokens\n")
    assert [line["revoked"] for line in done.acts("sessions.purged")] == [30]
    assert count(service.server) == 1
    assert service.server.sql("SELECT address FROM login_throttle", "gatepass") == "new\n"
    assert service.server.sql("SELECT door FROM login_stats", "gatepass") == "new\n"
    assert run(service, "purge").stdout.endswith("purged 0 tokens\n")


def test_a_purge_deletes_so_many_rows_a_statement(service: Service) -> None:
    add(service.server, "admin", expires_in=-100, count=30)
    before = int(service.server.sql("SHOW GLOBAL STATUS LIKE 'Com_delete'").split()[1])
    run(service, "purge", "--batch", "7")
    # Five with rows and one without, and one for each other table.
    assert int(service.server.sql("SHOW GLOBAL STATUS LIKE 'Com_delete'").split()[1]) - before == 6 + 3


def test_a_purge_that_may_not_count_purges_all_the_same(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    def too_slow(*_: object) -> int:
        raise DatabaseDown(1969, "Query execution was interrupted (max_statement_time exceeded)")

    add(service.server, "admin", expires_in=-100, count=3)
    add(service.server, "admin", expires_in=100)
    monkeypatch.setattr(service.core.tables.tokens, "count_expired", too_slow)
    done = run(service, "purge")
    assert done.code == 0 and done.stdout.endswith("purged 3 tokens\n")
    assert count(service.server) == 1


def test_a_grace_keeps_them_so_many_days_longer(service: Service) -> None:
    for days in (0, 6, 8):
        add(service.server, "admin", expires_in=-days * DAY - 100)
    assert run(service, "purge", "--grace", "7").stdout.endswith("purged 1 tokens\n")
    assert run(service, "purge", "--grace", "36500").stdout.endswith("purged 0 tokens\n")
    assert count(service.server) == 2


def test_two_nodes_purge_at_once_and_delete_every_row_once(service: Service) -> None:
    add(service.server, "admin", expires_in=-100_000, count=3000)
    with ThreadPoolExecutor(2) as pool:
        both = list(pool.map(lambda _: flask_process(service.server, "session", "purge", "--batch", "50"), range(2)))
    assert sum(int(re.findall(r"purged (\d+) tokens", said)[0]) for said in both) == 3000
    assert count(service.server) == 0


def test_a_purge_that_is_interrupted_leaves_the_rest_for_the_next(service: Service) -> None:
    """The purge cannot be over when the signal comes: the test holds its last row. Live rows keep it to its key."""
    server, command = service.server, [str(BIN / "flask"), "session", "purge", "--batch", "5"]
    add(server, "admin", count=300)
    add(server, "admin", expires_in=-100_000, count=50)
    server.sql("ANALYZE TABLE auth_tokens", "gatepass")
    with as_root(server) as root:
        root("BEGIN")
        last = int(server.sql("SELECT MAX(id) FROM auth_tokens", "gatepass"))
        root(f"SELECT * FROM auth_tokens WHERE id = {last} FOR UPDATE")
        with processes.start(command, environment(server), cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
            until(lambda: count(server) < 350 or process.poll() is not None, "a batch is deleted")
            process.send_signal(signal.SIGINT)
            _, said = process.communicate(timeout=60)
        cut_off(server, "auth_tokens.delete_expired")
    assert process.returncode == 1 and "Aborted" in said and "Traceback" not in said, said
    left = count(server) - 300
    assert 5 <= left < 50 and left % 5 == 0
    assert run(service, "purge", "--batch", "5000").stdout.endswith(f"purged {left} tokens\n")
