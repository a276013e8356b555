"""What a plan needs: cores, memory, rows, disk, connections, purge time and network."""

from dataclasses import dataclass
from math import ceil
from typing import Final

from v1.capacity import measured
from v1.capacity.measured import (
    CHECK_BYTES,
    EVENT,
    HASH,
    HASH_COST,
    LOGIN_BYTES,
    ONE_SERVER,
    THREE_SERVERS,
    TOKEN,
    USER,
)
from v1.capacity.plan import Plan

THREADS: Final = 24
"""The default of the setting; a test compares it."""

CONNECTIONS: Final = 1000
"""The default of the setting; a test compares it."""

GRACE_DAYS: Final = 8
"""Days that an expired row stays with a purge of `--grace 7`, and up to a day until the timer comes."""

BINARY_LOG_DAYS: Final = 2
"""Days of binary log that are kept: enough for a replica or a restore from last night's backup. An assumption."""

POOL_SHARE: Final = 0.75
"""The share of a database server's memory that is its buffer pool. An assumption."""

GIB: Final = 2**30
MBIT: Final = 1e6 / 8


@dataclass(frozen=True)
class Costs:
    """Milliseconds of one core that a check and a login take."""

    check: float
    login: float

    def cores(self, plan: Plan) -> float:
        """The cores that are busy at the peak."""
        return (plan.checks_a_second * self.check + plan.logins_a_second * self.login) / 1000


@dataclass(frozen=True)
class Needs:
    """The answer. `nodes` has one more than the load needs. What is of the database is of each of its nodes."""

    logins_a_second: float
    checks_a_second: float
    gatepass_cores: float
    nodes: int
    node_gib: float
    balancer_cores: float
    database_cores: float
    database_gib: float
    tokens: float
    expired_tokens: float
    events: float
    data_gib: float
    disk_gib: float
    backup_gib: float
    connections: int
    purge_hours_a_day: float
    database_mbit: float
    replication_mbit: float
    log_gib_a_day: float


def hash_ms(cost: int) -> float:
    """Milliseconds of one hash: each step of the cost doubles it."""
    return HASH.value * 2.0 ** (cost - HASH_COST)


def gatepass(plan: Plan) -> Costs:
    """What Gatepass itself takes. On a cluster more, as measured there: behind a balancer batches are smaller."""
    if plan.cluster == 1:
        part = ONE_SERVER["gatepass"]
        return Costs(part.check.value, part.login.value + hash_ms(plan.bcrypt_cost))
    part = THREE_SERVERS["gatepass"]
    return Costs(part.check.value, part.login.value + hash_ms(plan.bcrypt_cost) - HASH.value)


def database(plan: Plan) -> Costs:
    """What the busiest database node takes: as if the first host did all that three did together, an upper bound."""
    part = (ONE_SERVER if plan.cluster == 1 else THREE_SERVERS)["database"]
    return Costs(part.check.value, part.login.value * max(1, plan.cluster / 3))


def balancer(plan: Plan) -> Costs:
    """What HAProxy takes."""
    part = THREE_SERVERS["balancer"]
    return Costs(part.check.value, part.login.value)


def needs(plan: Plan) -> Needs:
    """All that a plan needs."""
    spare = 1 - plan.headroom
    cores = gatepass(plan).cores(plan) / spare
    nodes = max(2, ceil(cores / plan.node_cores) + 1)
    expired = plan.logins_a_day * GRACE_DAYS
    events = plan.logins_a_day * plan.events_days
    token_bytes = (plan.live_tokens + expired) * TOKEN.whole
    data = token_bytes + events * EVENT.whole + plan.users * USER.whole
    pool = token_bytes + plan.users * USER.whole + events * EVENT.keys.value
    purged = plan.logins_a_day * (2 if plan.events_days else 1)
    return Needs(
        logins_a_second=plan.logins_a_second,
        checks_a_second=plan.checks_a_second,
        gatepass_cores=cores,
        nodes=nodes,
        node_gib=node_gib(plan.node_cores),
        balancer_cores=balancer(plan).cores(plan) / spare,
        database_cores=database(plan).cores(plan) / spare,
        database_gib=pool / POOL_SHARE / GIB,
        tokens=plan.live_tokens,
        expired_tokens=expired,
        events=events,
        data_gib=data / GIB,
        disk_gib=(data + max(token_bytes, events * EVENT.whole) + _binary_log(plan)) / spare / GIB,
        backup_gib=data / GIB,
        connections=nodes * plan.node_cores * (THREADS + 2 + (plan.cluster > 1)),
        purge_hours_a_day=purged / measured.PURGED.value / 3600,
        database_mbit=_peak_bytes(plan, LOGIN_BYTES.database.value, CHECK_BYTES.database.value) / MBIT,
        replication_mbit=(plan.cluster - 1) * _written_at_the_peak(plan) / MBIT,
        log_gib_a_day=(plan.logins_a_day * LOGIN_BYTES.log.value + plan.checks_a_day * CHECK_BYTES.log.value) / GIB,
    )


def node_gib(cores: int) -> float:
    """Memory of a node of Gatepass: a worker a core, each with all the connections that it may hold."""
    worker = measured.WORKER.value + CONNECTIONS * measured.CONNECTION.value / 1024
    return (measured.FIRST_PROCESS.value + cores * worker) / 1024


def _binary_log(plan: Plan) -> float:
    a_day = plan.logins_a_day * LOGIN_BYTES.binary_log.value + plan.checks_a_day * CHECK_BYTES.binary_log.value
    return a_day * BINARY_LOG_DAYS


def _written_at_the_peak(plan: Plan) -> float:
    """Bytes a second that the first node sends to each of the others: what a binary log would have."""
    return _peak_bytes(plan, LOGIN_BYTES.binary_log.value, CHECK_BYTES.binary_log.value)


def _peak_bytes(plan: Plan, login: float, check: float) -> float:
    return plan.logins_a_second * login + plan.checks_a_second * check
