"""`gatepass capacity`: what so many users need. It asks neither the settings nor the database."""

import json
from collections.abc import Callable
from typing import Any

import click

from v1.capacity.answer import Answer, answer, sections, warnings
from v1.capacity.plan import Plan

Command = Callable[..., None]


def _number(name: str, default: float, about: str) -> Callable[[Command], Command]:
    """An option that takes a number of its default's type. Plan has the bounds."""
    return click.option(name, type=type(default), default=default, show_default=True, help=about)


@click.command()
@click.option("--users", type=int, required=True, help="Accounts that log in.")
@_number("--devices-per-user", 2.0, "Devices where a user is signed in.")
@_number("--token-days", 30.0, "Days until a token expires.")
@click.option(
    "--logins-per-user-day",
    type=float,
    show_default="devices per user / token days",
    help="Logins of a user in a day.",
)
@_number("--checks-per-user-day", 50.0, "Token checks of a user in a day.")
@_number("--peak-factor", 4.0, "The busiest minute, to the mean of the day.")
@_number("--bcrypt-cost", 12, "BCRYPT_COST.")
@_number("--cluster", 3, "Database nodes: 1, 3 or 5.")
@_number("--events-days", 90, "EVENTS_DAYS.")
@_number("--headroom", 0.4, "Share of each core and disk that stays free at the peak.")
@_number("--node-cores", 8, "Cores of a node of Gatepass.")
@_number("--database-cores", 64, "Cores of the largest database machine to be had.")
@_number("--database-gib", 512, "Its memory in GiB.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object with all numbers, not rounded.")
def capacity(as_json: bool, **numbers: Any) -> None:
    """Tell how many machines so many users need, from what was measured.

    The sums and where the constants come from are in docs/capacity.md. The defaults are an app that stays signed in
    for 30 days on two devices and asks 50 times a day. Your own logs know better: count checks and logins of a day.

    \b
    Example:  gatepass capacity --users 10000000
              gatepass capacity --users 10000000 --checks-per-user-day 200 --bcrypt-cost 10 --json
    """
    try:
        found = answer(Plan(**numbers))
    except ValueError as error:
        raise click.UsageError(f"{error}") from None
    click.echo(json.dumps(found.values(), indent=2) if as_json else _text(found))


def _text(found: Answer) -> str:
    parts = []
    for heading, lines in sections(found).items():
        parts += [heading, *(f"  {name:<58}{value:>16}" for name, value in lines), ""]
    return "\n".join([*parts, *(f"Note: {each}." for each in warnings(found))]).rstrip()
