"""`session`: list and revoke the sessions of a user, and purge expired tokens."""

import json

import click
from flask.cli import with_appcontext

from v1.auth import accounts, purge
from v1.cli.audit import who
from v1.cli.command import CommandGroup, act, core
from v1.cli.terminal import printable, utc_time
from v1.errors import DatabaseDown
from v1.kinds import DAY
from v1.records import Token
from v1.tokens import revoke

COLUMNS = f"{'id':>10}  {'kind':<12}  {'device':<30}  {'address':<15}  {'last used':<19}  {'expires':<19}"


@click.group(cls=CommandGroup)
def session() -> None:
    """List and revoke the sessions of a user, and purge expired ones.

    \b
    Example:  gatepass session list alice
    """


@session.command("list")
@click.argument("name")
@click.option("--limit", type=click.IntRange(1, 10_000), default=200, show_default=True, help="The most to list.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON list.")
@with_appcontext
def list_sessions(name: str, limit: int, as_json: bool) -> None:
    """List the live tokens of the user NAME, of every kind, the last used first. Times are UTC.

    \b
    Example:  gatepass session list alice --json
    """
    found = accounts.find(core(), name)
    listed = core().tables.tokens.list_live(found.id, int(core().clock()), limit)
    if as_json:
        click.echo(json.dumps([record(token) for token in listed], indent=2))
        return
    click.echo(COLUMNS)
    for token in listed:
        click.echo(_line(token))
    if len(listed) == limit:
        click.echo("there may be more: raise --limit", err=True)


@session.command("revoke")
@click.argument("token_id", type=click.IntRange(min=1), metavar="[ID]", required=False)
@click.option("--user", "name", help="Revoke this user's sessions instead of one.")
@click.option("--all", "everything", is_flag=True, help="With --user: API, management and personal tokens too.")
@with_appcontext
def revoke_sessions(token_id: int | None, name: str | None, everything: bool) -> None:
    """Revoke the token ID, or all sessions of a user. A revoked token is dead at once.

    \b
    Example:  gatepass session revoke 4711
              gatepass session revoke --user alice
    """
    if (token_id is None) == (name is None) or (everything and name is None):
        raise click.UsageError("give an ID, or --user NAME")
    if token_id is not None:
        token = core().tables.tokens.find_by_id(token_id)
        if token is None or not revoke.delete(core(), token):
            raise click.ClickException(f"there is no token of id {token_id}; see `gatepass session list NAME`")
        about = {"user_id": token.user_id, "kind": token.kind, "device": token.device_info}
        about["called"] = token.name
        act("token.revoked", token_id=token_id, revoked=1, **about)
        click.echo(f"revoked {token_id}")
        return
    found = accounts.find(core(), str(name))
    revoke_them = revoke.all_of_user if everything else revoke.devices
    revoked = revoke_them(core(), found.id, "", by=who())
    act("sessions.revoked", user_id=found.id, revoked=revoked)
    click.echo(f"revoked {revoked} tokens of {printable(found.username)}")


@session.command("purge")
@click.option("--grace", type=click.IntRange(0, 36_500), default=0, show_default=True, help="Days to keep them longer.")
@click.option("--batch", type=click.IntRange(1, 100_000), default=200, show_default=True, help="Rows for each DELETE.")
@with_appcontext
def purge_expired(grace: int, batch: int) -> None:
    """Delete expired tokens, expired rows of the throttle, login counts that are older than two years, and events that
    are older than EVENTS_DAYS.

    It deletes in small batches, and pauses after each for twice the time that the batch took, so that no login waits.
    It may run on several nodes at once. It may be interrupted and run again.

    \b
    Example:  gatepass session purge --grace 7
    """
    now = core().clock()
    before = int(now) - grace * DAY
    with click.progressbar(length=_expired(before), label="expired tokens") as bar:
        purged = purge.run(core(), before, now, batch, bar.update)
    act("sessions.purged", revoked=purged)
    click.echo(f"purged {purged} tokens")


def _expired(before: int) -> int:
    """The number of expired tokens, for the progress bar; the most that is counted if the server ends a slow count."""
    try:
        return core().tables.tokens.count_expired(before, purge.COUNTED)
    except DatabaseDown:  # which was logged; the purge finds out by itself whether the server is gone
        return purge.COUNTED


def record(token: Token) -> dict[str, object]:
    """A token for JSON; times in Unix seconds."""
    return {
        "id": token.id,
        "user_id": token.user_id,
        "kind": token.kind,
        "name": token.name,
        "device_info": token.device_info,
        "remote_ip": token.remote_ip,
        "creation_time": token.creation_time,
        "last_access": token.last_access,
        "expiry": token.expiry,
        "last_ip": token.last_ip,
        **({"scope": " ".join(token.scopes)} if token.scopes else {}),
    }


def _line(token: Token) -> str:
    device = printable(token.name or token.device_info)[:30]
    times = f"{utc_time(token.last_access):<19}  {utc_time(token.expiry):<19}"
    return f"{token.id:>10}  {token.kind:<12}  {device:<30}  {token.remote_ip:<15}  {times}"
