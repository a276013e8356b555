"""The rows of tokens that are children of others, have a name, or were minted by others: made, found and deleted."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pymysql
import pytest

from tests.conftest import NOW, Service, add_user
from tests.db.conftest import Insert
from tests.db.in_line import wait_for
from tests.e2e.faults import as_root
from v1.auth import purge
from v1.db import statements
from v1.db.connections import Connections
from v1.db.pool import Database, Written
from v1.db.tables.tokens import BATCH, Tokens
from v1.errors import DatabaseDown, NotIssued
from v1.kinds import FAMILY
from v1.records import Client, NewToken, Token
from v1.tokens import revoke
from v1.tokens.issue import NEVER

PHONE = Client("phone", "192.0.2.7", "App/7")


def ids(service: Service) -> list[int]:
    return [int(row) for row in service.server.sql("SELECT id FROM auth_tokens ORDER BY id", "gatepass").split()]


def new(user: int, parent: int, kind: str = "jwt_access", name: str | None = None, max_children: int = 0) -> NewToken:
    return NewToken(
        kind=kind,
        owner=user,
        client=PHONE,
        now=NOW,
        expiry=NEVER,
        name=name,
        claims="{}",
        parent=parent,
        max_children=max_children,
    )


def reason(table: Tokens, token: NewToken) -> str:
    """Why the token is not added."""
    with pytest.raises(NotIssued) as caught:
        table.add("f" * 40, token)
    return caught.value.reason


def test_a_child_needs_its_parent_and_its_user(service: Service, table: Tokens, user: int, insert: Insert) -> None:
    parent = insert("jwt_refresh")
    added = table.add("a", new(user, parent))
    times = (NOW, NOW, NEVER)
    stored = Token(added, user, "jwt_access", None, "phone", "192.0.2.7", *times, "{}")
    assert table.find_by_id(added) == stored
    assert reason(table, new(user, added + 1000)) == "parent"
    assert reason(table, new(user + 1000, parent)) == "owner"
    assert reason(table, new(user + 1000, 0, "mobile")) == "owner"
    table.delete(parent)
    assert reason(table, new(user, parent)) == "parent"
    other = insert("jwt_refresh")
    service.server.sql("UPDATE users SET password = CONCAT('!', password)", "gatepass")
    assert reason(table, new(user, other)) == "owner"
    assert ids(service) == [added, other]


def test_a_parent_has_no_more_children_of_a_kind_than_it_may(table: Tokens, user: int, insert: Insert) -> None:
    parent = insert("jwt_refresh")
    table.add("a", new(user, parent, max_children=1))
    assert reason(table, new(user, parent, max_children=1)) == "limit"
    assert table.add("b", new(user, parent, max_children=2))


def test_a_child_waits_for_a_revocation(service: Service, table: Tokens, user: int, insert: Insert) -> None:
    parent = insert("jwt_refresh")
    with ThreadPoolExecutor(1) as pool:
        with as_root(service.server) as root:
            root("BEGIN")
            root(f"DELETE FROM auth_tokens WHERE id = {parent}")
            adding = pool.submit(reason, table, new(user, parent))
            wait_for(service.server, "auth_tokens.add_child")
            root("COMMIT")
        assert adding.result() == "parent"
    assert ids(service) == []


def test_a_revocation_waits_for_a_child(service: Service, table: Tokens, user: int, insert: Insert) -> None:
    """The other order: what is being added holds its parent, so that a revocation finds it when it is over."""
    parent = insert("jwt_refresh")
    found = table.find_by_id(parent)
    assert found
    values = {"auth_key": "a", "user_id": user, "now": NOW, "last_access": NOW, "expiry": NEVER, "parent": parent}
    values |= {"kind": "jwt_access", "claims": "{}"}
    values |= dict.fromkeys(["device_info", "name", "remote_ip", "user_agent"], "")
    way = {"unix_socket": str(service.server.socket), "user": "root", "password": service.server.password}
    with ThreadPoolExecutor(1) as pool:
        with pymysql.connect(database="gatepass", **way) as link, link.cursor() as cursor:
            assert cursor.execute(statements.load()["auth_tokens.add_child"].sql, values) == 1
            revoking = pool.submit(revoke.delete, service.core, found)
            wait_for(service.server, "auth_tokens.end")
            link.commit()
        assert revoking.result() == 2
    assert ids(service) == []


@pytest.mark.parametrize(
    ("kind", "name", "meanwhile", "why"),
    [
        ("jwt_access", None, "UPDATE auth_tokens SET expiry = 0 WHERE id = {parent}", "parent"),
        ("jwt_access", None, "DELETE FROM auth_tokens WHERE id = {parent}", "parent"),
        ("personal", "backup", "DELETE FROM auth_tokens WHERE id = {parent}", "parent"),
        ("jwt_access", None, "UPDATE users SET password = CONCAT('!', password)", "owner"),
        ("personal", "backup", "{twin}", "name"),
    ],
)
def test_on_galera_no_token_stays_that_another_node_has_made_impossible(
    service: Service,
    table: Tokens,
    user: int,
    insert: Insert,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    name: str | None,
    meanwhile: str,
    why: str,
) -> None:
    """Locks hold on one node alone: what another node commits between the INSERT and the second look counts."""
    parent, write = insert("jwt_refresh"), Database.write
    monkeypatch.setattr(Connections, "has_several_writers", property(lambda _: True, lambda *_: None), raising=False)
    twins: list[int] = []

    def interrupted(self: Database, statement: str, /, **values: Any) -> Written:
        written = write(self, statement, **values)
        if statement.startswith("auth_tokens.add") and meanwhile == "{twin}":
            twins.append(insert("personal", name="backup"))
        elif statement.startswith("auth_tokens.add"):
            service.server.sql(meanwhile.format(parent=parent), "gatepass")
        return written

    monkeypatch.setattr(Database, "write", interrupted)
    assert reason(table, new(user, parent, kind, name)) == why
    assert set(ids(service)) <= {parent, *twins}


def test_on_galera_a_token_that_nothing_has_made_impossible_stays(
    table: Tokens, user: int, insert: Insert, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Connections, "has_several_writers", property(lambda _: True, lambda *_: None), raising=False)
    parent = insert("jwt_refresh")
    assert table.find_by_id(table.add("a", new(user, parent)))
    assert table.find_by_id(table.add("b", new(user, parent, "personal", "backup")))
    assert table.find_by_id(table.add("c", new(0, insert("api"), "stream")))


def test_a_name_is_unique_for_a_user_and_a_kind(service: Service, table: Tokens, user: int, insert: Insert) -> None:
    other = add_user(service.server, "other")
    insert("api", name="backup")
    insert("personal", name="backup", expiry=NOW)
    insert("personal", name="backup", user_id=other)
    by = insert("management")
    assert reason(table, new(user, by + 1000, "personal", "backup")) == "parent"
    added = table.add("a", new(user, by, "personal", "backup"))
    for name in ("backup", "BACKUP", "bäckup", "backup "):
        assert reason(table, new(user, by, "personal", name)) == "name"
    table.delete(added)
    service.server.sql("UPDATE users SET password = CONCAT('!', password)", "gatepass")
    assert reason(table, new(user, by, "personal", "backup")) == "owner"


def family(insert: Insert) -> int:
    """A login with access tokens, and the pairs below it with theirs; the id of its refresh token."""
    top = insert("jwt_refresh")
    insert("jwt_access", parent_id=top, times=3)
    for _ in range(4):
        pair = insert("jwt_refresh", parent_id=top)
        insert("jwt_access", parent_id=pair, times=2)
    return top


def test_a_refresh_token_is_deleted_with_its_family_alone(service: Service, table: Tokens, insert: Insert) -> None:
    top = family(insert)
    stay = [insert("jwt_access"), insert("personal", parent_id=top), insert("jwt_refresh", parent_id=top + 10_000)]
    assert table.delete_family(top, FAMILY) == 1 + 3 + 4 * 3
    assert ids(service) == stay
    assert table.delete_family(top, FAMILY) == 0


@pytest.mark.parametrize("done", range(8))
def test_a_revocation_that_is_cut_off_anywhere_leaves_nothing_that_can_grow_and_is_finished_by_the_next(
    service: Service, table: Tokens, user: int, insert: Insert, monkeypatch: pytest.MonkeyPatch, done: int
) -> None:
    top = family(insert)
    write, written = Database.write, []

    def cut_off(self: Database, name: str, /, **values: Any) -> Written:
        if len(written) == done:
            raise DatabaseDown(2013, "cut off")
        written.append(name)
        return write(self, name, **values)

    with monkeypatch.context() as patch:
        patch.setattr(Database, "write", cut_off)
        with pytest.raises(DatabaseDown):
            table.delete_family(top, FAMILY)
    assert top in ids(service)
    if done:
        assert reason(table, new(user, top)) == "parent"
    else:
        assert table.add("new", new(user, top))
    purge.run(service.core, NOW - 1, NOW, 1000, lambda rows: None)
    assert (ids(service) == []) == (done > 0), "a purge finishes what was begun"
    assert table.list_unfinished_revocations() == []
    assert revoke.family(service.core, top) == (0 if done else 1 + 3 + 4 * 3 + 1)
    assert ids(service) == []


def test_thousands_of_children_are_deleted_in_batches_and_the_token_itself_last(
    service: Service, table: Tokens, insert: Insert, monkeypatch: pytest.MonkeyPatch
) -> None:
    top = insert("jwt_refresh")
    pair = insert("jwt_refresh", parent_id=top, times=BATCH + 1)
    insert("jwt_access", parent_id=pair, times=BATCH + 1)
    insert("jwt_access", parent_id=top, times=BATCH)
    write = Database.write

    def watched(self: Database, name: str, /, **values: Any) -> Written:
        assert top in ids(service)
        done = write(self, name, **values)
        assert done.rows <= BATCH
        return done

    monkeypatch.setattr(Database, "write", watched)
    assert table.delete_family(top, FAMILY) == 3 * BATCH + 3
    assert ids(service) == []


def test_children_are_deleted_by_kind_after_their_parent(service: Service, table: Tokens, insert: Insert) -> None:
    top = insert("api", user_id=0)
    insert("stream", parent_id=top, user_id=0, times=3)
    stay = [insert("stream", parent_id=top + 10_000, user_id=0), insert("personal", parent_id=top)]
    table.delete(top)
    assert table.delete_children(top, ("stream",)) == 3
    assert ids(service) == stay


def test_the_last_login_is_the_newest_of_its_kinds(service: Service, table: Tokens, user: int, insert: Insert) -> None:
    assert table.last_login(user, ("mobile",)) is None
    insert("mobile", creation_time=NOW - 5, expiry=1)
    insert("jwt_refresh", creation_time=NOW - 9)
    insert("personal", creation_time=NOW)
    insert("mobile", creation_time=NOW, user_id=add_user(service.server, "other"))
    assert table.last_login(user, ("mobile", "jwt_refresh")) == NOW - 5
    assert table.last_login(user, ("jwt_refresh",)) == NOW - 9
    assert table.last_login(user, ("console",)) is None
