"""What is planned for: people, what they do in a day, and the machines at hand."""

from dataclasses import dataclass, fields
from typing import Final

DAY: Final = 86_400

LIMITS: Final = {
    "users": (1, 2**31 - 1),
    "devices_per_user": (0.01, 1000),
    "token_days": (0.01, 36_500),
    "logins_per_user_day": (0, 10_000),
    "checks_per_user_day": (0, 1_000_000),
    "peak_factor": (1, 1000),
    "bcrypt_cost": (4, 15),
    "cluster": (1, 9),
    "events_days": (0, 3650),
    "headroom": (0, 0.95),
    "node_cores": (1, 64),
    "database_cores": (1, 1024),
    "database_gib": (1, 65_536),
}
"""The least and the most of each. `users.id` is an INT, and WORKERS at most 64, one a core."""


@dataclass(frozen=True)
class Plan:
    """The question. Raises ValueError for a number that cannot be meant."""

    users: int
    devices_per_user: float = 2.0
    token_days: float = 30.0
    logins_per_user_day: float | None = None
    """None: each device logs in again when its token expires."""

    checks_per_user_day: float = 50.0
    peak_factor: float = 4.0
    """How many times the mean of the day its busiest minute has."""

    bcrypt_cost: int = 12
    cluster: int = 3
    events_days: int = 90
    headroom: float = 0.4
    """The share of every core that is to be idle at the peak."""

    node_cores: int = 8
    database_cores: int = 64
    database_gib: int = 512

    def __post_init__(self) -> None:
        for each in fields(self):
            value, (least, most) = getattr(self, each.name), LIMITS[each.name]
            if value is not None and not least <= value <= most:
                raise ValueError(f"{each.name.replace('_', ' ')} must be from {least:,} to {most:,}, not {value:,}")
        if self.cluster % 2 == 0:
            raise ValueError(
                f"a cluster of {self.cluster} database nodes stops when half of them are lost: take {self.cluster + 1}"
            )

    @property
    def logins_a_day(self) -> float:
        each = self.logins_per_user_day
        return self.users * (self.devices_per_user / self.token_days if each is None else each)

    @property
    def checks_a_day(self) -> float:
        return self.users * self.checks_per_user_day

    @property
    def logins_a_second(self) -> float:
        """At the peak."""
        return self.logins_a_day / DAY * self.peak_factor

    @property
    def checks_a_second(self) -> float:
        """At the peak."""
        return self.checks_a_day / DAY * self.peak_factor

    @property
    def live_tokens(self) -> float:
        """Logins a day times the days that each token lives (Little's law): who logs in daily has many."""
        return self.logins_a_day * self.token_days
