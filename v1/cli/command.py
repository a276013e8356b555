"""What all commands share: help that names the program, and errors as a sentence in place of a traceback."""

import re
from typing import Any, Final

import click
from flask import current_app

from v1.auth.accounts import NoSuchUser
from v1.auth.core import Core
from v1.cli.audit import system_log, who
from v1.db.connection import Duplicate
from v1.errors import DatabaseDown, NotFound, WrongCredentials

HINTS = {
    1044: "The account has no right to this database: see sql/grants.sql.",
    1045: "Check the user and the password in DATABASE_URL.",
    1049: "Create the database first.",
    1054: "Run `flask db migrate`.",
    1142: "The account lacks a right: see sql/grants.sql; tables are changed by MIGRATE_DATABASE_URL.",
    1146: "Run `flask db migrate`.",
    1205: "Somebody holds the table: find out who with SHOW PROCESSLIST and try again.",
    1231: "Nothing would be stored as it must be.",
    2012: "Check the host and the port in DATABASE_URL.",
    2059: "Install what is missing beside Gatepass, or let the account sign in by another plugin.",
    2002: "Is the server running? If this is the private database, start `make run`.",
    2013: "The connection broke; run this again, it takes up where things stand.",
    2003: "Is the server running? If this is the private database, start `make run`.",
}
"""What to do about an error of the database, by its number."""

_COMMAND: Final = re.compile(r"\bflask (?=(?:user|session|token|db) )")


class Command(click.Command):
    """A command whose examples name the program that runs it."""

    def get_help(self, ctx: click.Context) -> str:
        return with_program_name(super().get_help(ctx))


class CommandGroup(Command, click.Group):
    """Commands that end with exit code 1 and one clear sentence when something is wrong."""

    command_class = Command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            with system_log():
                return super().invoke(ctx)
        except DatabaseDown as error:
            hint = with_program_name(HINTS.get(error.number, ""))
            raise click.ClickException(f"database error {error.number}: {error.text}. {hint}".rstrip()) from None
        except Duplicate:
            raise click.ClickException("an equal row came in meanwhile; run this again to see which") from None
        except NoSuchUser as error:
            hint = with_program_name("see `flask user list`")
            raise click.ClickException(f"there is no user {str(error)!r}; {hint}") from None
        except NotFound:
            raise click.ClickException("there is no token of that id") from None
        except WrongCredentials:
            raise click.ClickException(with_program_name("the user is disabled; see `flask user enable`")) from None
        except ValueError as error:
            raise click.ClickException(str(error)) from None


def with_program_name(text: str) -> str:
    """The text with `gatepass` in place of `flask` in its commands, if the program that runs is `gatepass`."""
    context = click.get_current_context(silent=True)
    is_gatepass = context is not None and context.find_root().command.name == "gatepass"
    return _COMMAND.sub("gatepass ", text) if is_gatepass else text


def core() -> Core:
    """The core of the application that `gatepass` or `flask` loaded."""
    found: Core = current_app.extensions["gatepass"]
    return found


def act(name: str, **fields: object) -> None:
    """Log an act of an administrator, with the account of this machine that did it, and add it to the activity log."""
    core().event(name, by=who(), **fields)
    core().write_behind.write()
