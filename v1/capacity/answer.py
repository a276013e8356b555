"""The whole answer to a plan, as sections of lines for people and as values for programs."""

from dataclasses import asdict, dataclass, replace
from math import ceil
from typing import Any

from v1.capacity.limits import Limit, clusters, limits
from v1.capacity.measured import COMMITS
from v1.capacity.needs import Needs, needs
from v1.capacity.plan import Plan
from v1.capacity.relogin import Relogin, relogin


@dataclass(frozen=True)
class Answer:
    """What a plan needs, the day everybody logs in again, and where one cluster ends.

    `cluster` are the needs of one of `clusters`, each of which has its part of the users.
    """

    plan: Plan
    needs: Needs
    relogin: Relogin
    limits: list[Limit]
    clusters: int
    cluster: Needs

    def values(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def answer(plan: Plan) -> Answer:
    """All sums of a plan."""
    number = clusters(plan)
    part = replace(plan, users=ceil(plan.users / number))
    return Answer(plan, needs(plan), relogin(plan), limits(plan), number, needs(part))


Line = tuple[str, str]


def sections(found: Answer) -> dict[str, list[Line]]:
    """The lines of the answer, by the heading of their section."""
    return {
        "At the peak": _peak(found),
        "The database, of each cluster": _database(found),
        "The day everybody logs in again": _relogin(found),
        "Where one cluster ends, in users": [
            *((f"by {each.resource}", number(each.users)) for each in found.limits),
            ("clusters that are needed", number(found.clusters)),
        ],
    }


def warnings(found: Answer) -> list[str]:
    """What to know before these numbers are believed."""
    said = []
    if found.clusters > 1:
        said.append(f"one cluster is not enough: shard by user over {found.clusters}, see docs/capacity.md")
    highest = max(found.needs.logins_a_second, found.relogin.logins_a_second) / found.clusters
    if highest > COMMITS.value:
        said.append(
            f"a database was never measured beyond {number(COMMITS.value)} logins a second, and one of these gets "
            f"{number(highest)}: try it before you rely on it"
        )
    return said


def _peak(found: Answer) -> list[Line]:
    need, plan = found.needs, found.plan
    return [
        ("logins a second", number(need.logins_a_second)),
        ("checks a second", number(need.checks_a_second)),
        ("cores of Gatepass", number(need.gatepass_cores)),
        (f"nodes of Gatepass, {plan.node_cores} cores each, one of them spare", number(need.nodes)),
        ("memory of a node, GiB", number(need.node_gib)),
        ("cores of HAProxy", number(need.balancer_cores)),
        ("log lines, GiB a day", number(need.log_gib_a_day)),
    ]


def _database(found: Answer) -> list[Line]:
    need = found.cluster
    return [
        ("cores of each node", number(need.database_cores)),
        ("memory of each node, GiB", number(need.database_gib)),
        ("live tokens", number(need.tokens)),
        ("expired tokens, before the purge", number(need.expired_tokens)),
        ("events", number(need.events)),
        ("rows and keys, GiB", number(need.data_gib)),
        ("disk of each node, GiB", number(need.disk_gib)),
        ("a backup, GiB", number(need.backup_gib)),
        ("connections", number(need.connections)),
        ("purge, hours a day", number(need.purge_hours_a_day)),
        ("network to Gatepass, Mbit/s", number(need.database_mbit)),
        ("network from the first node to the others, Mbit/s", number(need.replication_mbit)),
    ]


def _relogin(found: Answer) -> list[Line]:
    day = found.relogin
    return [
        ("logins", number(day.logins)),
        ("hashed a second, beside the checks of the peak", number(day.logins_a_second)),
        ("hours with these nodes", number(day.hours)),
        ("cores of Gatepass for 24 hours", number(day.cores_for_a_day)),
        ("logins in line; all others are told 5501", number(day.waiting)),
        ("THROTTLE_EVERYONE on that day", number(day.throttle_everyone)),
        ("cores of a database node", number(day.database_cores / found.clusters)),
    ]


def number(value: float) -> str:
    """A number with three digits that count, as `1,540,000` or `0.0231`."""
    if not value:
        return "0"
    if value == int(value) and value < 10_000:
        return f"{int(value):,}"
    rounded = float(f"{value:.3g}")
    return f"{rounded:,.0f}" if rounded >= 100 else f"{rounded:g}"
