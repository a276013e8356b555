"""Owns the changes of the tables: numbered steps of sql/migrations/, each doing only what is still missing.

What is missing is asked of information_schema every time and nothing is recorded, so that a step cut off half-way, or
done by a DBA's own tool, is just taken up where it stands. (A ready-made runner was tried: yoyo leaves a lock row
behind after a kill and cannot resume a half-done step, since DDL commits by itself.)
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from v1.db.connection import Row
from v1.db.statements import SQL

Run = Callable[[str], list[Row]]

ROWS_A_SECOND = 80_000
"""How fast one combined ALTER copied rows when measured (1,000,000 rows: 12 s), for the expected lock time."""

LISTED = 1000
"""How many rows of an obstacle its statement lists at most."""

_BLOCK = re.compile(r"^-- (lack|unfit|caution|refuse|create|alter|unless|when|clause)(?:: (.*))?\n", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A statement of a step and what it is for: `kind` is the word in front of it, `about` the rest of that line."""

    kind: str
    about: str
    sql: str


@dataclass(frozen=True)
class Change:
    """One statement that is due."""

    step: str
    table: str
    sql: str


@dataclass(frozen=True)
class Obstacle:
    """Data that a step cannot be run on, and the first rows of it."""

    about: str
    rows: list[Row]


class Locked(Exception):
    """Another migration of this database is running."""


@cache
def steps() -> dict[str, list[Block]]:
    """The blocks of every step, by its name, in order. Read once: a service asks for what the code that runs needs."""
    return {path.stem: _blocks(path) for path in sorted((SQL / "migrations").glob("*.sql"))}


def obstacles(run: Run, tables: set[str]) -> list[Obstacle]:
    """What stands in the way, of all steps: asked before anything is changed.

    The rows of a table that lacks columns are not asked for, as no statement about them would run.
    """
    lacks = adopted(run, "lack")
    sound = tables - {str(row[0]) for lack in lacks for row in lack.rows}
    found = lacks + adopted(run, "unfit", "caution")
    for step, blocks in steps().items():
        table = next((block.about for block in blocks if block.kind in ("alter", "create")), "")
        found += _listed(run, step, ("refuse",)) if not table or table in sound else []
    return found


def adopted(run: Run, *kinds: str) -> list[Obstacle]:
    """What the tables hold that breaks a login, of these kinds (sql/migrations/0000_adopted.sql)."""
    return [found for step in steps() for found in _listed(run, step, kinds)]


def _listed(run: Run, step: str, kinds: tuple[str, ...]) -> list[Obstacle]:
    asked = [(block.about, run(named(step, block.sql))) for block in steps()[step] if block.kind in kinds]
    return [Obstacle(about, rows) for about, rows in asked if rows]


def due(run: Run, tables: set[str]) -> Iterator[Change]:
    """The statements still to be run, in order. Each must have been run before the next is asked for."""
    for step, blocks in steps().items():
        for block in blocks:
            if block.kind == "create" and block.about not in tables:
                yield Change(step, block.about, block.sql)
        if alter := _alter(run, step, blocks):
            yield alter


def changes(step: str) -> bool:
    """Does this step change tables, or does it only look at them?"""
    return any(block.kind in ("create", "alter") for block in steps()[step])


def named(step: str, sql: str) -> str:
    """The statement as it goes to the server, so that the processlist and the slow log tell where it is from."""
    return f"/* migrations.{step} */ {sql}"


def _alter(run: Run, step: str, blocks: list[Block]) -> Change | None:
    """One ALTER of all clauses that are missing, so that the table is copied once."""
    heads = [block for block in blocks if block.kind == "alter"]
    pairs = zip(blocks, blocks[1:], strict=False)
    clauses = [
        clause.sql
        for condition, clause in pairs
        if clause.kind == "clause" and bool(run(named(step, condition.sql))) is (condition.kind == "when")
    ]
    if not clauses:
        return None
    return Change(step, heads[0].about, heads[0].sql + "\n    " + ",\n    ".join(clauses))


def _blocks(path: Path) -> list[Block]:
    _, *parts = _BLOCK.split(path.read_text(encoding="utf-8"))
    return [
        Block(kind, about or "", sql.strip().rstrip(";"))
        for kind, about, sql in zip(parts[0::3], parts[1::3], parts[2::3], strict=True)
    ]
