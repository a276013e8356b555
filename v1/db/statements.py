"""Reads sql/queries/: named statements, each with the keys that it declares.

    -- name: find_by_id
    -- key: PRIMARY
    SELECT id FROM users WHERE id = %(id)s;

in sql/queries/users.sql is the statement `users.find_by_id`. All other comments are left out. A part is text that
several statements of a file share: it stands once, below `-- part: INSERT_TOKEN`, and replaces the word INSERT_TOKEN in
those statements.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from v1 import resources

SQL: Final = resources.folder("sql")
QUERIES: Final = SQL / "queries"

_COMMENT: Final = re.compile(r"^ *--(?! (?:name|key|part): ).*\n", re.MULTILINE)
_PART: Final = re.compile(r"^-- part: (\w+)\n((?:.+\n)+)", re.MULTILINE)
_HEAD: Final = re.compile(r"^-- name: (\w+)\n-- key: (.+)\n", re.MULTILINE)
_VALUE: Final = re.compile(r"NAME_VALUE\(('20'|%\(\w+\)s)\)")
_BYTES: Final = re.compile(r"NAME_BYTES\(([\w.]+)\)")
_IDENTIFIER: Final = re.compile(r"[A-Za-z0-9_]+")


@dataclass(frozen=True)
class Statement:
    """A statement as it goes to the server: its name in front as a comment, `%(name)s` parameters, no other comment.

    `keys` are the indexes that EXPLAIN must name; empty where the file says `none`. Where `depends_on_charset` is true
    the text holds markers for the charset of users.username: `for_column` replaces them.
    """

    name: str
    keys: tuple[str, ...]
    sql: str
    depends_on_charset: bool = False


@cache
def load() -> dict[str, Statement]:
    """All statements by name: `auth_tokens.add` is the statement `add` of sql/queries/auth_tokens.sql."""
    return {each.name: each for path in sorted(QUERIES.glob("*.sql")) for each in _statements(path)}


def _statements(path: Path) -> Iterator[Statement]:
    text = _COMMENT.sub("", path.read_text(encoding="utf-8"))
    for part, body in _PART.findall(text):
        text = _PART.sub("", text, count=1).replace(part, body.rstrip())
    _, *pieces = _HEAD.split(text)
    for name, keys, sql in zip(pieces[0::3], pieces[1::3], pieces[2::3], strict=True):
        full, body = f"{path.stem}.{name}", sql.strip().rstrip(";")
        has_markers = bool(_VALUE.search(body) or _BYTES.search(body))
        yield Statement(full, () if keys == "none" else tuple(keys.split(", ")), f"/* {full} */ {body}", has_markers)


@cache
def for_column(name: str, charset: str, collation: str) -> str:
    """The text of the statement for a users.username of this charset and collation.

    An adopted table keeps the charset of that column, and its key only serves a value of the same charset. So each
    statement is written once, with two markers that are replaced here. For example

        SELECT NAME_BYTES(username) FROM users WHERE username = NAME_VALUE(%(username)s)

    becomes for a column in latin1

        SELECT CAST(username AS BINARY) FROM users WHERE username = _latin1 X%(username)s

    and has `_utf8mb4` in the place of `_latin1` for a column in utf8mb4. For other charsets the server converts names
    from and to utf8mb4. (A plain CONVERT of the value fails with "Illegal mix of collations" where the column's
    collation is not its charset's default.) Raises ValueError for a charset or collation that is no identifier.
    """
    if not _IDENTIFIER.fullmatch(charset) or not _IDENTIFIER.fullmatch(collation):
        raise ValueError("a charset and a collation are identifiers")
    value, bytes_ = _expansions(charset, collation)
    return _BYTES.sub(bytes_, _VALUE.sub(value, load()[name].sql))


def _expansions(charset: str, collation: str) -> tuple[str, str]:
    """The texts that replace NAME_VALUE and NAME_BYTES. `\\1` is what stands in their parentheses.

    A conversion puts `?` in the place of a character that the charset lacks. So the name is converted there and back:
    the value is NULL unless the same name comes back.
    """
    if charset in ("latin1", "utf8mb4", "binary"):
        return rf"_{charset} X\1", r"CAST(\1 AS BINARY)"
    there = rf"CONVERT(_utf8mb4 X\1 USING {charset})"
    back = f"CAST(CONVERT({there} USING utf8mb4) AS BINARY)"
    value = rf"IF({back} = CAST(_utf8mb4 X\1 AS BINARY), {there} COLLATE {collation}, NULL)"
    return value, r"CAST(CONVERT(\1 USING utf8mb4) AS BINARY)"
