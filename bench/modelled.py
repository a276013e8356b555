"""What the model of bench/queueing.py is made of: the load, and what a batch of checks and a login cost each part."""

from dataclasses import dataclass

from v1.capacity.measured import DATABASE_BY_CLIENTS, SERVICE_BY_CLIENTS

CROWD = 32
CROWD_BATCH = 8
"""With 32 clients at two workers, a SELECT has a quarter of them: half of a worker's clients wait for the next one. An
assumption; the figures for 8 clients, which are not used to find the costs, are its test."""


@dataclass(frozen=True)
class Batch:
    """Milliseconds of a batch: once, and for each check in it."""

    once: float
    each: float

    def of(self, number: int) -> float:
        return self.once + self.each * number


def batch_costs() -> tuple[Batch, Batch]:
    """Of the service and of the database: from one client alone, and from a crowd."""
    found = []
    for by_clients in (SERVICE_BY_CLIENTS, DATABASE_BY_CLIENTS):
        alone, crowd = by_clients[1].value, by_clients[CROWD].value
        once = (alone - crowd) / (1 - 1 / CROWD_BATCH)
        found.append(Batch(once, alone - once))
    return found[0], found[1]


@dataclass(frozen=True)
class Login:
    """Milliseconds of a login: in the service beside the hash, the hash, in the database, in the client."""

    service: float
    hash: float
    database: float
    client: float


@dataclass(frozen=True)
class Load:
    """Who asks, and for how many simulated milliseconds. `client` is what a check costs who asks."""

    checking: int
    logging_in: int
    login: Login
    client: float
    milliseconds: float = 4000
    workers: int = 2
