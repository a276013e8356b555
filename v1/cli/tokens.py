"""`token`: API tokens for other servers."""

import json

import click
from flask.cli import with_appcontext

from v1.auth import accounts
from v1.cli.command import CommandGroup, act, core
from v1.cli.sessions import record
from v1.cli.terminal import printable, utc_time
from v1.kinds import DAY
from v1.tokens import issue, revoke


@click.group(cls=CommandGroup)
def token() -> None:
    """Create, list and revoke API tokens for other servers.

    \b
    Example:  gatepass token create orders --scope introspect
    """


@token.command()
@click.argument("name")
@click.option("--scope", "scopes", multiple=True, required=True, type=click.Choice(issue.SCOPES), help="Repeatable.")
@click.option("--days", type=click.IntRange(1, 36_500), default=None, help="Its lifetime. Default: for ever.")
@click.option("--user", help="Its owner. Disabling the owner revokes it.")
@with_appcontext
def create(name: str, scopes: tuple[str, ...], days: int | None, user: str | None) -> None:
    """Make an API token called NAME and print it. It is shown only now, because only its digest is stored.

    \b
    introspect  may ask whether tokens are good (/v1/oauth/introspect/)
    revoke      may revoke all tokens of any user (/v1/oauth/revoke/)
    stream      may make stream tokens

    \b
    Example:  gatepass token create orders --scope introspect --days 365
    """
    if not issue.is_valid_name(name):
        raise ValueError("a token's name has 1 to 100 characters and no control characters")
    owner = accounts.find(core(), user).id if user else 0
    now = int(core().clock())
    expiry = now + days * DAY if days else issue.NEVER
    issued = issue.api(core(), owner, name, scopes, now, expiry)
    act("token.created", token_id=issued.token.id, user_id=owner, scope=" ".join(issued.token.scopes), called=name)
    click.echo(issued.secret)
    click.echo(f"id {issued.token.id}, expires: {utc_time(expiry)}; keep it now, it is not shown again", err=True)


@token.command("list")
@click.option("--after", type=click.IntRange(min=0), default=0, help="Only tokens of ids above this one.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=100, show_default=True, help="The most to list.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON list.")
@with_appcontext
def list_tokens(after: int, limit: int, as_json: bool) -> None:
    """List live API tokens in order of id, without their texts, which are not stored. Times are UTC.

    \b
    Example:  gatepass token list --json
    """
    found = core().tables.tokens.list_api(after, int(core().clock()), limit)
    if as_json:
        click.echo(json.dumps([record(each) for each in found], indent=2))
        return
    click.echo(f"{'id':>10}  {'name':<30}  {'scope':<26}  {'last used':<19}  {'from':<15}  {'expires':<19}")
    for each in found:
        last_used = utc_time(each.last_access) if each.last_access >= each.creation_time else "not yet"
        times = f"{last_used:<19}  {each.last_ip or '-':<15}  {utc_time(each.expiry):<19}"
        click.echo(f"{each.id:>10}  {printable(each.name or ''):<30}  {' '.join(each.scopes):<26}  {times}")
    if len(found) == limit:
        click.echo(f"there may be more: gatepass token list --after {found[-1].id}", err=True)


@token.command("revoke")
@click.argument("token_id", type=click.IntRange(min=1), metavar="ID")
@click.option("--with-streams", is_flag=True, help="Also revoke the stream tokens that it made.")
@with_appcontext
def revoke_token(token_id: int, with_streams: bool) -> None:
    """Revoke the API token ID; it is dead at once. The stream tokens that it made stay good.

    With --with-streams they are revoked too, even if the API token itself was revoked before.

    \b
    Example:  gatepass token revoke 4711 --with-streams
    """
    found = core().tables.tokens.find_by_id(token_id)
    if found is not None and found.kind != "api" or not with_streams and found is None:
        raise click.ClickException(f"there is no API token of id {token_id}; see `gatepass token list`")
    table = core().tables.tokens
    revoked = revoke.api_token_with_streams(core(), token_id) if with_streams else table.delete(token_id)
    if not revoked:
        raise click.ClickException(f"there is no API token of id {token_id}, nor a stream token that it minted")
    about = {"user_id": found.user_id if found else 0, "called": found.name if found else ""}
    act("token.revoked", token_id=token_id, revoked=revoked, **about)
    streams = revoked - (1 if found else 0)
    click.echo(f"revoked {token_id}" + (f" and {streams} stream tokens" if with_streams else ""))
