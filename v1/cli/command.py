"""What all commands share: errors are a sentence in place of a traceback, and acts are logged."""

from typing import Any, Final

import click
from flask import current_app

from v1.auth.accounts import NoSuchUser
from v1.auth.core import Core
from v1.cli.audit import system_log, who
from v1.db.connection import Duplicate
from v1.errors import DatabaseDown, NotFound, WrongCredentials

HINTS: Final = {
    1044: "The account has no right to this database: see sql/grants.sql.",
    1045: "Check the user and the password in DATABASE_URL.",
    1049: "Create the database first.",
    1054: "Run `gatepass db migrate`.",
    1142: "The account lacks a right: see sql/grants.sql; tables are changed by MIGRATE_DATABASE_URL.",
    1146: "Run `gatepass db migrate`.",
    1205: "Somebody holds the table: find out who with SHOW PROCESSLIST and try again.",
    1231: "Nothing would be stored as it must be.",
    2012: "Check the host and the port in DATABASE_URL.",
    2059: "Install what is missing beside Gatepass, or let the account sign in by another plugin.",
    2002: "Is the server running? If this is the private database, start `make run`.",
    2013: "The connection broke; run this again, it takes up where things stand.",
    2003: "Is the server running? If this is the private database, start `make run`.",
}
"""What to do about an error of the database, by its number."""


class CommandGroup(click.Group):
    """Commands that end with exit code 1 and one clear sentence when something is wrong."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            with system_log():
                return super().invoke(ctx)
        except DatabaseDown as error:
            hint = HINTS.get(error.number, "")
            raise click.ClickException(f"database error {error.number}: {error.text}. {hint}".rstrip()) from None
        except Duplicate:
            raise click.ClickException("an equal row came in meanwhile; run this again to see which") from None
        except NoSuchUser as error:
            raise click.ClickException(f"there is no user {str(error)!r}; see `gatepass user list`") from None
        except NotFound:
            raise click.ClickException("there is no token of that id") from None
        except WrongCredentials:
            raise click.ClickException("the user is disabled; see `gatepass user enable`") from None
        except ValueError as error:
            raise click.ClickException(str(error)) from None


def core() -> Core:
    """The core of the application that `gatepass` or `flask` loaded."""
    found: Core = current_app.extensions["gatepass"]
    return found


def act(name: str, **fields: object) -> None:
    """Log an act of an administrator, with the account of this machine that did it, and add it to the activity log."""
    core().event(name, by=who(), **fields)
    core().write_behind.write()
