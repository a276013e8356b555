"""Outages: for how long no request of a kind succeeded, for all clients together and for one of them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass
class Successes:
    """When requests of each kind succeeded, by client: times of one clock, in seconds."""

    times: dict[str, list[list[float]]] = field(default_factory=lambda: defaultdict(list))

    def add(self, kind: str, clients: list[list[float]]) -> None:
        self.times[kind] = clients

    def outage(self, kind: str, begun: float, ended: float) -> float:
        """The longest time between these two in which no request of the kind succeeded, of any client."""
        return longest_gap((time for client in self.times[kind] for time in client), begun, ended)

    def wait(self, kind: str, begun: float, ended: float) -> float:
        """The longest time in which one client had no success."""
        return max((longest_gap(client, begun, ended) for client in self.times[kind]), default=ended - begun)


def longest_gap(times: Iterable[float], begun: float, ended: float) -> float:
    """The longest time between `begun` and `ended` without any of these times in it."""
    within = [begun, *sorted(time for time in times if begun < time < ended), ended]
    return max(after - before for before, after in zip(within, within[1:]))
