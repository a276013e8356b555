"""Who must wait before the next try, as the administrator's page lists them."""

from tests.conftest import NOW, Service, migrate
from tests.db.old_php import DUMP, tables
from tools.private_server import Server
from v1.db.tables.throttle_rows import Waiting

ROWS = f"""
INSERT INTO login_throttle (scope, user_id, name_digest, address, failures, window_end, blocked_until, expiry) VALUES
    ('pair', 2, '', '203.0.113.9', 8, {NOW + 3600}, {NOW + 3}.25, {NOW + 3600}),
    ('pair', 0, SHA2('x', 256), '203.0.113.9', 7, {NOW + 3600}, {NOW + 2}, {NOW + 3600}),
    ('pair', 2, '', '203.0.113.8', 3, {NOW + 3600}, 0, {NOW + 3600}),
    ('account', 3, '', '', 101, {NOW}, {NOW}.5, {NOW}.5),
    ('account', 99999, '', '', 101, {NOW}, {NOW + 1}, {NOW + 1}),
    ('address', 0, '', '2001:db8::', 300, {NOW + 600}, {NOW + 600}, {NOW + 600}),
    ('everyone', 0, '', '', 1000, {NOW - 1}, {NOW - 1}, {NOW - 1});
"""
MOST = Waiting("address", 0, "", "2001:db8::", 300, NOW + 600)
NOBODYS = [Waiting("pair", 0, "", "203.0.113.9", 7, NOW + 2), Waiting("account", 99999, "", "", 101, NOW + 1)]


def test_who_must_wait_is_listed_the_longest_first(database_server: Server, fresh: str) -> None:
    """On the tables of an old installation, where names are latin1."""
    database_server.sql(DUMP, fresh)
    migrate(database_server, fresh)
    database_server.sql(ROWS, fresh)
    adopted = tables(database_server, fresh).login_throttle
    named = [Waiting("pair", 2, "jürgen", "203.0.113.9", 8, NOW + 3.25), *NOBODYS]
    away = Waiting("account", 3, "müller", "", 101, NOW + 0.5)
    assert adopted.waiting(NOW, 10) == [MOST, *named, away]
    assert adopted.waiting(NOW + 0.5, 10) == [MOST, *named]
    assert adopted.waiting(NOW, 2) == [MOST, named[0]]
    assert adopted.waiting(NOW + 600, 10) == []


def test_names_of_a_new_column_are_text(service: Service) -> None:
    columns = "id, username, password, creation_time, remote_ip"
    service.server.sql(f"INSERT INTO users ({columns}) SELECT 2, 'Zoë 😀', '', NOW(), '';{ROWS}", "gatepass")
    named = Waiting("pair", 2, "Zoë 😀", "203.0.113.9", 8, NOW + 3.25)
    assert service.core.tables.login_throttle.waiting(NOW + 0.5, 10) == [MOST, named, *NOBODYS]
