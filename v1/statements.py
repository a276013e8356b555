"""Owns the reading of sql/queries/: named statements, each with the keys it declares."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

SQL: Final = Path(__file__).resolve().parent.parent / "sql"
QUERIES: Final = SQL / "queries"

_HEAD = re.compile(r"^-- name: (\w+)\n-- key: (.+)\n", re.MULTILINE)


@dataclass(frozen=True)
class Statement:
    """A statement as it goes to the server: its name in front as a comment, `%(name)s` parameters, no other comment.

    `keys` are the indexes EXPLAIN must name; empty where the file says `none`.
    """

    name: str
    keys: tuple[str, ...]
    sql: str


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
            found[full] = Statement(full, () if keys == "none" else tuple(keys.split(", ")), sql)
    return found
