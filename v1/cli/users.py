"""`user`: accounts. A password is prompted for or read from standard input; it is never an argument."""

import json
import sys
from typing import Any

import click
from flask.cli import with_appcontext

from v1.auth import accounts
from v1.cli.command import CommandGroup, act, core
from v1.cli.terminal import printable
from v1.db.connection import Duplicate
from v1.passwords import unicode_forms
from v1.records import User


@click.group(cls=CommandGroup)
def user() -> None:
    """Add, list, disable and enable users.

    \b
    Example:  gatepass user add alice --admin
    """


def read_password() -> bytes:
    """The password: typed twice at a terminal, else one line of standard input. Text becomes NFC, other bytes stay."""
    if sys.stdin.isatty():
        text: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
        return unicode_forms.composed(text.encode())
    return unicode_forms.composed(sys.stdin.buffer.readline().removesuffix(b"\n").removesuffix(b"\r"))


@user.command()
@click.argument("name")
@click.option("--admin", is_flag=True, help="Make the user an administrator of Gatepass.")
@with_appcontext
def add(name: str, admin: bool) -> None:
    """Add a user called NAME.

    \b
    Example:  gatepass user add alice
              head -n 1 secret.txt | gatepass user add alice
    """
    try:
        user_id = accounts.add(core(), name, read_password(), admin)
    except Duplicate:
        raise click.ClickException(f"the database already has a user equal to {name!r}") from None
    act("user.added", user_id=user_id)
    if admin:
        act("user.admin_made", user_id=user_id)
    click.echo(f"added {name} (id {user_id})")


@user.command()
@click.argument("name")
@with_appcontext
def passwd(name: str) -> None:
    """Give the user NAME a new password.

    \b
    Example:  gatepass user passwd alice
    """
    found = accounts.find(core(), name)  # before anybody types a password for nothing
    accounts.set_password(core(), name, read_password())
    act("user.password_set", user_id=found.id)
    click.echo(f"{name} has a new password; tokens issued before stay good")


@user.command()
@click.argument("name")
@with_appcontext
def disable(name: str) -> None:
    """Disable the user NAME: revoke all their tokens, and refuse their logins here and in PHP.

    \b
    Example:  gatepass user disable alice
    """
    found = accounts.find(core(), name)
    revoked = accounts.disable(core(), name)
    act("user.disabled", user_id=found.id, revoked=revoked)
    click.echo(f"disabled {name}; tokens revoked: {revoked}")


@user.command()
@click.argument("name")
@with_appcontext
def enable(name: str) -> None:
    """Enable the disabled user NAME, who can log in again with the same password.

    \b
    Example:  gatepass user enable alice
    """
    accounts.enable(core(), name)
    act("user.enabled", user_id=accounts.find(core(), name).id)
    click.echo(f"enabled {name}")


@user.command()
@click.argument("name")
@click.option("--off", is_flag=True, help="Make the user an ordinary one again.")
@with_appcontext
def admin(name: str, off: bool) -> None:
    """Make the user NAME an administrator of Gatepass.

    \b
    Example:  gatepass user admin alice
    """
    accounts.set_admin(core(), name, not off)
    act("user.admin_removed" if off else "user.admin_made", user_id=accounts.find(core(), name).id)
    click.echo(f"{name} is {'no longer ' if off else ''}an administrator")


@user.command("list")
@click.option("--after", type=click.IntRange(min=0), default=0, help="Only users of ids above this one.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=100, show_default=True, help="The most to list.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON list.")
@with_appcontext
def list_users(after: int, limit: int, as_json: bool) -> None:
    """List users in order of id.

    \b
    Example:  gatepass user list --limit 20
    """
    found = core().tables.users.page(after, limit)
    if as_json:
        click.echo(json.dumps([_record(user) for user in found], indent=2))
        return
    click.echo(f"{'id':>8}  {'name':<30}  {'admin':<5}  {'state':<8}  created")
    for each in found:
        state = "disabled" if each.disabled else "enabled"
        admin_mark = "yes" if each.is_admin else ""
        click.echo(f"{each.id:>8}  {printable(each.username):<30}  {admin_mark:<5}  {state:<8}  {each.creation_time}")
    if len(found) == limit:
        click.echo(f"there may be more: gatepass user list --after {found[-1].id}", err=True)


@user.command()
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@with_appcontext
def show(name: str, as_json: bool) -> None:
    """Show the user NAME and how many live tokens they have.

    \b
    Example:  gatepass user show alice --json
    """
    found = accounts.find(core(), name)
    record = _record(found) | {"live_tokens": core().tables.tokens.count_live(found.id, int(core().clock()))}
    if as_json:
        click.echo(json.dumps(record, indent=2))
        return
    for key, value in record.items():
        click.echo(f"{key:<14} {printable(found.username) if key == 'username' else value}")


def _record(user: User) -> dict[str, Any]:
    return {
        "id": user.id,
        "username": user.username,
        "is_admin": user.is_admin,
        "disabled": user.disabled,
        "access_level": user.access_level,
        "creation_time": user.creation_time,
    }
