"""A login finds the user whom PHP found: the same bytes, the same id, before and after the migration."""

import json
from collections.abc import Callable

import pytest

from tests.conftest import migrate
from tests.database_servers import IS_MYSQL
from tests.db.old_php import DUMP, tables
from tools.private_server import Server
from v1.wire import latin1

WRITTEN = ["Admin", "jürgen", "straße", "strasse"]
WRITTEN += ["x", "xa", "xs", "xy", "xß", "x€", "x\x81", "Z'; \"--\\ %_", "o\\"]

SPELLINGS = [
    *("Admin", "admin ", "ADMIN", " admin", "admin  \t", "Administrator", "Adm\u200bin", "Ādmin", "Ａdmin", "admin\n"),
    *("jürgen", "JÜRGEN", "jurgen", "jyrgen", "ju\u0308rgen", "jÃ¼rgen", "straße", "STRAßE", "STRAẞE"),
    *("strasse", "STRASSE", "", " ", "?", "x?", "\u00a0", "🔑", "x🔑", "\ufeffAdmin", "Admin\u0301"),
    *("z'; \"--\\ %_", "o\\", "o", "' OR 1=1 --"),
    *("Admin%", "_dmin", "Admin'", "a" * 31, "a" * 300, "é" * 30, "\ud7ff", "\uffff", "\U0010ffff", "x\x01"),
    *("x\x7f", "xα", "xſ"),
    *(f"x{char}" for char in latin1.CHARACTERS[1:]),
]
RAW = [b"j\xfcrgen", b"J\xdcRGEN", b"admin\xa0", b"\xff", b"x\xc3", b"x\xed\xa0\x80", b"x\xf4\x90\x80\x80"]
RAW += [b"x\xc0\x80", b"x\xc3\x28"]
ALL = [each.encode() for each in WRITTEN + SPELLINGS] + RAW + [b"x%c" % byte for byte in range(1, 256)]


def is_utf8(name: bytes) -> bool:
    """On a utf8mb4 connection, MySQL cuts a text at the first byte that is not UTF-8. Here it is nobody's name."""
    try:
        return bool(name.decode()) or not name
    except UnicodeDecodeError:
        return False


def hexes(names: list[bytes]) -> str:
    return json.dumps([name.hex() for name in names])


@pytest.mark.parametrize(
    ("charset", "column"),
    [
        ("latin1", "latin1 COLLATE latin1_swedish_ci"),
        ("utf8mb4", "latin1 COLLATE latin1_swedish_ci"),
        ("latin1", "latin1 COLLATE latin1_bin"),
        ("utf8mb4", "latin1 COLLATE latin1_german1_ci"),
        ("utf8mb4", "utf8mb4 COLLATE utf8mb4_unicode_520_ci"),
        ("utf8mb4", "utf8mb4 COLLATE utf8mb4_general_ci"),
        ("utf8mb4", "utf8mb3 COLLATE utf8mb3_unicode_ci"),
    ],
)
def test_the_same_bytes_are_the_same_user_as_in_php(
    database_server: Server, fresh: str, run_php: Callable[..., str], charset: str, column: str
) -> None:
    def php(script: str, names: list[bytes]) -> list:
        return json.loads(run_php(script, database_server, fresh, CHARSET=charset, NAMES=hexes(names)))

    alter = f"ALTER TABLE users MODIFY username VARCHAR(30) CHARACTER SET {column} NOT NULL"
    database_server.sql(f"{DUMP} DELETE FROM users; {alter}", fresh)
    ids = php("write_names.php", [name.encode() for name in WRITTEN])
    asked = [name for name in ALL if charset == "latin1" or not IS_MYSQL or is_utf8(name)]
    before = php("find_names.php", asked)
    migrate(database_server, fresh)
    ours = tables(database_server, fresh, PHP_CONNECTION_CHARSET=charset)
    found = [ours.users.find(name) for name in asked]

    assert php("find_names.php", asked) == before
    assert [each["prepared"] for each in before] == [each["escaped"] for each in before]
    differences = [
        (name, php_row["escaped"], user and user.id)
        for name, php_row, user in zip(asked, before, found)
        if php_row["escaped"] != (user and user.id)
    ]
    assert differences == []
    assert {user.id for user in found if user} == set(ids), "every user is found by some spelling"
    assert [user and user.username for user in found[:3]] == WRITTEN[:3]


def test_a_nul_makes_a_name_that_nobody_has_though_php_finds_its_row(
    database_server: Server, fresh: str, run_php: Callable[..., str]
) -> None:
    database_server.sql(DUMP, fresh)
    migrate(database_server, fresh)
    [found] = json.loads(run_php("find_names.php", database_server, fresh, NAMES=hexes([b"\0"])))
    assert found == {"prepared": 55, "escaped": 55}
    assert tables(database_server, fresh).users.find(b"\0") is None
