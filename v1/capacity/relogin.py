"""The day everybody logs in again: all tokens are gone at once, or every password was reset."""

from dataclasses import dataclass
from typing import Final

from v1.capacity.needs import THREADS, database, gatepass, hash_ms, needs
from v1.capacity.plan import DAY, Plan

FREE_THREADS: Final = 2
"""Request threads of a worker that logins leave free."""

WAIT_SECONDS: Final = 2
"""HASH_WAIT_SECONDS: how long a login waits for its hash before it is told to come back. A test compares it."""

EVERYONE: Final = 1000
"""THROTTLE_EVERYONE: failures a minute beyond which an attack is on. A test compares it."""

MISTYPED: Final = 0.1
"""The share of logins with a wrong password on such a day. An assumption."""


@dataclass(frozen=True)
class Relogin:
    """How that day goes with the machines of the plan."""

    logins: float
    logins_a_second: float
    """What the nodes can hash beside the checks of the peak. Wrong passwords take their part of it."""

    hours: float
    cores_for_a_day: float
    """Cores of Gatepass that finish it in 24 hours, beside the checks."""

    waiting: int
    """Logins that wait in line at all nodes; every other one is told 5501 and comes back."""

    failures_a_minute: float
    throttle_everyone: int
    """What THROTTLE_EVERYONE must be on that day, so that mistyped passwords do not count as an attack."""

    database_cores: float
    """Cores of a database node for logins at this rate, and the checks."""


def relogin(plan: Plan) -> Relogin:
    """The day everybody logs in again, with as many nodes as the plan needs on any day."""
    nodes, costs = needs(plan).nodes, gatepass(plan)
    checks = plan.checks_a_second * costs.check / 1000
    tries = plan.users * plan.devices_per_user / (1 - MISTYPED)
    rate = max(0.0, nodes * plan.node_cores - checks) * 1000 / costs.login
    failures = rate * MISTYPED * 60
    in_database = database(plan)
    return Relogin(
        logins=plan.users * plan.devices_per_user,
        logins_a_second=rate,
        hours=tries / rate / 3600,
        cores_for_a_day=tries * costs.login / 1000 / DAY + checks,
        waiting=nodes * plan.node_cores * waiting_places(plan.bcrypt_cost),
        failures_a_minute=failures,
        throttle_everyone=max(EVERYONE, _rounded_up(2 * failures)),
        database_cores=(plan.checks_a_second * in_database.check + rate * in_database.login) / 1000,
    )


def waiting_places(cost: int) -> int:
    """Logins that wait in a worker: as many as it has threads for, and as one hashing thread gets through in time."""
    return min(THREADS - FREE_THREADS, int(WAIT_SECONDS * 1000 / hash_ms(cost)))


def _rounded_up(number: float) -> int:
    return int(-(-number // 1000) * 1000)
