"""Where one cluster ends: which resource is used up first, and at how many users."""

from dataclasses import dataclass
from math import ceil

from v1.capacity.needs import needs
from v1.capacity.plan import LIMITS, Plan


@dataclass(frozen=True)
class Limit:
    """A resource of one cluster, and the users at whose number it is used up."""

    resource: str
    users: float


def limits(plan: Plan) -> list[Limit]:
    """Every resource that does not grow by adding nodes, the scarcest first. Each need is in proportion to users."""
    need = needs(plan)
    used = {
        "cores of the first database node": need.database_cores / plan.database_cores,
        "memory of a database node": need.database_gib / plan.database_gib,
        "hours of a day for the purge": need.purge_hours_a_day / 24,
        "numbers of users.id": plan.users / LIMITS["users"][1],
    }
    found = [Limit(name, plan.users / share) for name, share in used.items() if share]
    return sorted(found, key=lambda each: each.users)


def clusters(plan: Plan) -> int:
    """How many clusters the plan needs, each with its part of the users."""
    return max(1, ceil(plan.users / limits(plan)[0].users))
