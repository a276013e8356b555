"""Owns the reading of sql/queries/: named statements, each with the keys it declares."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

SQL: Final = Path(__file__).resolve().parents[2] / "sql"
QUERIES: Final = SQL / "queries"

_HEAD = re.compile(r"^-- name: (\w+)\n-- key: (.+)\n", re.MULTILINE)
_VALUE: Final = re.compile(r"NAME_VALUE\(('20'|%\(\w+\)s)\)")
_BYTES: Final = re.compile(r"NAME_BYTES\(([\w.]+)\)")
_IDENTIFIER: Final = re.compile(r"[A-Za-z0-9_]+")


@dataclass(frozen=True)
class Statement:
    """A statement as it goes to the server: its name in front as a comment, `%(name)s` parameters, no other comment.

    `keys` are the indexes EXPLAIN must name; empty where the file says `none`. The text of one that `names_users`
    depends on the charset of users.username: `for_column` completes it.
    """

    name: str
    keys: tuple[str, ...]
    sql: str
    names_users: bool = False


@cache
def load() -> dict[str, Statement]:
    """All statements by name: `auth_tokens.add` is the statement `add` of sql/queries/auth_tokens.sql."""
    found: dict[str, Statement] = {}
    for path in sorted(QUERIES.glob("*.sql")):
        _, *parts = _HEAD.split(path.read_text(encoding="utf-8"))
        for name, keys, text in zip(parts[0::3], parts[1::3], parts[2::3], strict=True):
            full = f"{path.stem}.{name}"
            lines = [line for line in text.splitlines() if line and not line.startswith("--")]
            sql = f"/* {full} */ " + "\n".join(lines).rstrip(";")
            names_users = bool(_VALUE.search(sql) or _BYTES.search(sql))
            found[full] = Statement(full, () if keys == "none" else tuple(keys.split(", ")), sql, names_users)
    return found


@cache
def for_column(name: str, charset: str, collation: str) -> str:
    """The text of the statement where users.username has this charset and collation.

    sql/queries/users.sql says what NAME_VALUE and NAME_BYTES stand for. Raises ValueError for a charset or collation
    that is no identifier.
    """
    if not _IDENTIFIER.fullmatch(charset) or not _IDENTIFIER.fullmatch(collation):
        raise ValueError("a charset and a collation are identifiers")
    value, bytes_ = _expansions(charset, collation)
    return _BYTES.sub(bytes_, _VALUE.sub(value, load()[name].sql))


def _expansions(charset: str, collation: str) -> tuple[str, str]:
    """What NAME_VALUE and NAME_BYTES become, as templates of re.sub.

    The server converts to other charsets than latin1 and utf8mb4. It puts `?` in the place of a character that the
    charset lacks: the value is NULL if it does not come back as it went.
    """
    if charset in ("latin1", "utf8mb4", "binary"):
        return rf"_{charset} X\1", r"CAST(\1 AS BINARY)"
    there = rf"CONVERT(_utf8mb4 X\1 USING {charset})"
    back = f"CAST(CONVERT({there} USING utf8mb4) AS BINARY)"
    value = rf"IF({back} = CAST(_utf8mb4 X\1 AS BINARY), {there} COLLATE {collation}, NULL)"
    return value, r"CAST(CONVERT(\1 USING utf8mb4) AS BINARY)"
