"""`db`: creates and migrates the tables, and shows which steps are missing."""

import json
import re
import time

import click
from flask.cli import with_appcontext

from v1.cli.command import CommandGroup, core
from v1.cli.progress import progress
from v1.cli.terminal import printable
from v1.db import migrations, statements
from v1.db.connection import Row, Run
from v1.db.error_numbers import LOST
from v1.db.unpooled import unpooled_connection
from v1.errors import DatabaseDown

PHP_COST = 10
"""The default cost of PHP before 8.4."""

COUNTS = {
    "users": "migration.count_users",
    "auth_tokens": "migration.count_auth_tokens",
    "login_throttle": "migration.count_login_throttle",
    "profiles": "migration.count_profiles",
}
"""The statement that counts the rows of a table that a migration changes."""


@click.group(cls=CommandGroup)
def db() -> None:
    """Create and migrate the tables, and show which steps are missing.

    \b
    Example:  gatepass db status
    """


@db.command()
@click.option("--dry-run", is_flag=True, help="Print the SQL that is due, and change nothing.")
@click.option("--no-lock", is_flag=True, help="For a server that refuses GET_LOCK. Let no other migration run.")
@with_appcontext
def migrate(dry_run: bool, no_lock: bool) -> None:
    """Create or change the tables, with the account of MIGRATE_DATABASE_URL.

    First it looks for anything in the database that is in the way. If there is something, it lists it and changes
    nothing. If it was interrupted, run it again: it does only what is still missing.

    \b
    Example:  gatepass db migrate --dry-run
    """
    settings = core().settings
    with unpooled_connection(settings.migrate_database_url, settings.database_connect_seconds) as run:
        if not dry_run and not no_lock:
            _lock(run)
        tables = _tables(run)
        if any(migrations.due(run, tables)):
            _refuse_obstacles(migrations.obstacles(run, tables))
        else:
            _refuse_obstacles(migrations.obstacles_of_kinds(run, "lack", "unfit"))
        changes = 0
        for change in migrations.due(run, tables):
            changes += 1
            if dry_run:
                click.echo(f"{change.sql};\n")
            else:
                _change(run, change, tables)
        click.echo(f"{'due' if dry_run else 'done'}: {changes} statements" if changes else "nothing to do", err=dry_run)
        if changes and not dry_run and settings.bcrypt_cost > PHP_COST:
            click.echo(f"beside PHP before 8.4 set BCRYPT_COST={PHP_COST}: it would undo a higher cost at each login")


@db.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@with_appcontext
def status(as_json: bool) -> None:
    """Show which steps are done. The exit code is 1 if any is not.

    \b
    Example:  gatepass db status
    """
    settings = core().settings
    with unpooled_connection(settings.database_url, settings.database_connect_seconds) as run:
        missing = [change.step for change in migrations.due(run, _tables(run))]
    steps = filter(migrations.changes_tables, migrations.steps())
    state = {step: "due" if step in missing else "done" for step in steps}
    if as_json:
        click.echo(json.dumps(state, indent=2))
    else:
        for step, word in state.items():
            click.echo(f"{word:<5} {step}")
    if missing:
        click.echo("run `gatepass db migrate`", err=True)
        raise SystemExit(1)


def _rows_of(run: Run, name: str) -> list[Row]:
    return run(statements.load()[name].sql)


def _tables(run: Run) -> set[str]:
    return {str(row[0]) for row in _rows_of(run, "migration.tables")}


def _lock(run: Run) -> None:
    """Take the lock that keeps other migrations out. Some clusters refuse it, with an error or with NULL."""
    try:
        locked, reason = _rows_of(run, "migration.lock")[0][0], "it answers NULL"
    except DatabaseDown as error:
        if error.number in LOST:
            raise
        locked, reason = None, f"database error {error.number}: {error.text}"
    if locked is None:
        raise click.ClickException(
            f"this server refuses GET_LOCK ({reason}); see that no other migration of this database runs,"
            " and run `gatepass db migrate --no-lock`"
        )
    if not locked:
        raise click.ClickException("another migration of this database is running")


def _refuse_obstacles(found: list[migrations.Obstacle]) -> None:
    for obstacle in found:
        click.echo(f"In the way: {obstacle.about}", err=True)
        for row in obstacle.rows:
            click.echo("  " + "  ".join(printable(_text(value)) for value in row), err=True)
        if len(obstacle.rows) == migrations.MOST_LISTED:
            click.echo(f"  (and maybe more: these are the first {migrations.MOST_LISTED:,})", err=True)
    if found:
        raise click.ClickException("nothing was changed; mend the rows above and run this again")


def _change(run: Run, change: migrations.Change, tables: set[str]) -> None:
    rows = int(_rows_of(run, COUNTS[change.table])[0][0]) if change.table in tables else 0
    seconds = max(1, rows // migrations.ROWS_A_SECOND)
    words = " ".join(re.sub(" IF NOT EXISTS| IGNORE", "", change.sql).split()[:3])
    click.echo(f"{change.step}: {words}: {rows:,} rows, writers wait for about {seconds} s")
    started = time.monotonic()
    with progress(run, core().settings):
        run(migrations.named(change.step, change.sql))
    click.echo(f"{change.step}: {words}: done in {time.monotonic() - started:.1f} s")


def _text(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
