"""Says in words why a user cannot sign in."""

from typing import Any, Final

from flask_babel import gettext, ngettext

from v1.auth.obstacles import Obstacle, Try
from v1.doors.console import relative
from v1.doors.console.wording import N_

REASONS: Final = {
    "disabled": N_("Disabled: no password lets them in."),
    "unreadable": N_("The stored password cannot be read. Set a new one: gatepass user passwd"),
    "everyone": N_("An attack is on: sign-ins from addresses where nobody is signed in wait for up to 10 seconds."),
}

TRIES: Final = {
    "login.ok": N_("signed in"),
    "login.failed": N_("wrong password"),
    "login.throttled": N_("refused, as they had to wait"),
}
"""What became of a login, by its event."""


def text(obstacle: Obstacle) -> Any:
    """What stands in the way."""
    if obstacle.reason in REASONS:
        return REASONS[obstacle.reason]
    values = {"time": relative.duration(obstacle.seconds), "address": obstacle.address}
    if obstacle.reason == "address":
        return gettext("The address %(address)s, which they used lately, is blocked for %(time)s more.", **values)
    if obstacle.address:
        return ngettext(
            "Blocked at %(address)s for %(time)s more, after %(num)s wrong password.",
            "Blocked at %(address)s for %(time)s more, after %(num)s wrong passwords.",
            obstacle.failures,
            **values,
        )
    return ngettext(
        "Blocked for %(time)s more, after %(num)s wrong password.",
        "Blocked for %(time)s more, after %(num)s wrong passwords.",
        obstacle.failures,
        **values,
    )


def tried(last: Try) -> Any:
    """What became of a login."""
    return TRIES.get(last.event, last.event)
