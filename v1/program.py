"""The program `gatepass`: the operator commands, on the application of this process."""

import os

import click
from flask import Flask
from flask.cli import ScriptInfo

from v1.cli.capacity import capacity
from v1.cli.db import db
from v1.cli.serve import serve
from v1.cli.sessions import session
from v1.cli.tokens import token
from v1.cli.users import user


@click.group("gatepass")
@click.version_option(package_name="gatepass", message="gatepass %(version)s")
@click.pass_context
def gatepass(context: click.Context) -> None:
    """Run Gatepass, and manage its tables, users, sessions and API tokens.

    Every setting is an environment variable; DATABASE_URL and TOKEN_KEYS have no default.

    \b
    Example:  gatepass db migrate
              gatepass user add alice
              gatepass serve
    """
    context.obj = context.obj or ScriptInfo(create_app=_application)


def _application() -> Flask:
    """Imported by the commands that need it: help is there before anything is configured.

    As under `flask`, the settings then find the private database of a running `make run`.
    """
    os.environ["FLASK_RUN_FROM_CLI"] = "true"
    from v1.wsgi import application

    return application


for command in (capacity, db, serve, session, token, user):
    gatepass.add_command(command)
