"""Finds the changes that the tables still need, by the numbered steps of sql/migrations/.

Nothing is recorded: each step asks information_schema what is missing. So a migration can be run again after it was cut
off, and a DBA may make a change with another tool. (A ready-made runner was tried: yoyo leaves a lock row behind after
a kill, and cannot resume a half-done step, since DDL commits by itself.)

A step is a file of blocks. A block is a statement with a comment above it that says what kind of block it is:

    -- alter: users
    ALTER TABLE users;
    -- unless
    SELECT 1 FROM information_schema.columns WHERE .. column_name = 'is_admin';
    -- clause
    ADD COLUMN is_admin TINYINT NOT NULL DEFAULT 0;

The ALTER is run with the clauses that are due: after `unless`, if the SELECT finds no row; after `when`, if it finds
one. `create` makes a missing table. `lack`, `unfit`, `caution` and `refuse` find obstacles: rows, columns or tables
that must be changed by hand first, or at least looked at. 0000_adopted.sql says what each of the four words means.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from v1.db.connection import Row, Run
from v1.db.statements import SQL

ROWS_A_SECOND = 80_000
"""The measured speed of an ALTER that copies a table (1,000,000 rows: 12 s), to estimate how long it locks."""

MOST_LISTED = 1000
"""The LIMIT of the statements that find rows in the way."""

_BLOCK = re.compile(r"^-- (lack|unfit|caution|refuse|create|alter|unless|when|clause)(?:: (.*))?\n", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A statement of a step. `kind` is the word in the comment above it, `about` the rest of that line."""

    kind: str
    about: str
    sql: str


@dataclass(frozen=True)
class Change:
    """A statement that is due, and the table that it changes."""

    step: str
    table: str
    sql: str


@dataclass(frozen=True)
class Obstacle:
    """Something in the database that stops a migration or needs a look, and the rows that show it."""

    about: str
    rows: list[Row]


@cache
def steps() -> dict[str, list[Block]]:
    """The blocks of every step, by the step's name, in order.

    Read once: after an upgrade of the files, a running service still asks for what its own code needs.
    """
    return {path.stem: _blocks(path) for path in sorted((SQL / "migrations").glob("*.sql"))}


def obstacles(run: Run, tables: set[str]) -> list[Obstacle]:
    """The obstacles of all steps, found before anything is changed.

    If a table lacks columns, the questions about its rows are skipped: they would fail.
    """
    lacks = obstacles_of_kinds(run, "lack")
    complete = tables - {str(row[0]) for lack in lacks for row in lack.rows}
    found = lacks + obstacles_of_kinds(run, "unfit", "caution")
    for step, blocks in steps().items():
        table = next((block.about for block in blocks if block.kind in ("alter", "create")), "")
        found += _obstacles_of_step(run, step, ("refuse",)) if not table or table in complete else []
    return found


def obstacles_of_kinds(run: Run, *kinds: str) -> list[Obstacle]:
    """The obstacles that blocks of these kinds find: `lack`, `unfit`, `caution` or `refuse`."""
    return [found for step in steps() for found in _obstacles_of_step(run, step, kinds)]


def _obstacles_of_step(run: Run, step: str, kinds: tuple[str, ...]) -> list[Obstacle]:
    answers = [(block.about, run(named(step, block.sql))) for block in steps()[step] if block.kind in kinds]
    return [Obstacle(about, rows) for about, rows in answers if rows]


def due(run: Run, tables: set[str]) -> Iterator[Change]:
    """The statements that are due, in order. Run each before you ask for the next."""
    for step, blocks in steps().items():
        for block in blocks:
            if block.kind == "create" and block.about not in tables:
                yield Change(step, block.about, block.sql)
        if alter := _alter(run, step, blocks):
            yield alter


def changes_tables(step: str) -> bool:
    """Does this step change tables? (Some only look for obstacles.)"""
    return any(block.kind in ("create", "alter") for block in steps()[step])


def named(step: str, sql: str) -> str:
    """The statement with its step's name in front, so that the processlist and the slow log show where it is from."""
    return f"/* migrations.{step} */ {sql}"


def _alter(run: Run, step: str, blocks: list[Block]) -> Change | None:
    """One ALTER with all clauses that are due, so that the table is copied once."""
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
