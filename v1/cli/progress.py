"""Prints the progress of a statement that takes long."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import click

from v1.db import statements
from v1.db.connection import Run
from v1.db.unpooled import unpooled_connection
from v1.errors import DatabaseDown
from v1.settings import Settings


@contextmanager
def progress(run: Run, settings: Settings) -> Iterator[None]:
    """Print a line every second while a statement runs: the seconds, and a percentage where the server has one."""
    connection_id = run(statements.load()["migration.connection_id"].sql)[0][0]
    done = threading.Event()
    ticker = threading.Thread(target=_print_every_second, args=(settings, connection_id, done), daemon=True)
    ticker.start()
    try:
        yield
    finally:
        done.set()
        ticker.join()


def _print_every_second(settings: Settings, connection_id: int, done: threading.Event) -> None:
    started = time.monotonic()
    while not done.wait(1):
        try:
            with unpooled_connection(settings.migrate_database_url, settings.database_connect_seconds) as run:
                share = run(statements.load()["migration.progress"].sql % {"connection_id": int(connection_id)})
            percent = f", {share[0][0]:.0f} %" if share else ""
        except DatabaseDown:
            percent = ""  # MySQL has none. If the server is going down, the statement itself fails
        click.echo(f"  {time.monotonic() - started:.0f} s{percent}")
