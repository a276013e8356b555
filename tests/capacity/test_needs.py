"""The sums: by hand for one plan, and by what must hold for all of them."""

import dataclasses
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from v1.capacity import measured
from v1.capacity.limits import clusters, limits
from v1.capacity.needs import Costs, hash_ms, needs, node_gib
from v1.capacity.plan import LIMITS, Plan
from v1.capacity.relogin import relogin, waiting_places


def between(name: str, least: float, most: float) -> st.SearchStrategy[float]:
    assert LIMITS[name][0] <= least and most <= LIMITS[name][1]
    return st.floats(least, most)


PLANS = st.builds(
    Plan,
    users=st.integers(1, 500_000_000),
    devices_per_user=between("devices_per_user", 0.1, 20),
    token_days=between("token_days", 0.1, 400),
    logins_per_user_day=st.none() | st.floats(0.001, 50),
    checks_per_user_day=between("checks_per_user_day", 0, 5000),
    peak_factor=between("peak_factor", 1, 50),
    bcrypt_cost=st.integers(4, 15),
    cluster=st.sampled_from((1, 3, 5)),
    events_days=st.integers(0, 400),
    headroom=between("headroom", 0, 0.9),
    node_cores=st.integers(1, 64),
)
WHOLE = {"nodes", "connections", "node_gib"}
"""What does not grow with each user: nodes are whole, and all alike."""


def test_by_hand() -> None:
    """864,000 users, 10 checks and 0.1 logins a day, no peak: 100 checks and 1 login a second."""
    plan = Plan(
        users=864_000,
        checks_per_user_day=10,
        logins_per_user_day=0.1,
        token_days=30,
        peak_factor=1,
        bcrypt_cost=10,
        cluster=1,
        events_days=90,
        headroom=0.5,
        node_cores=4,
    )
    need, mib = needs(plan), 1024**2
    assert (need.checks_a_second, need.logins_a_second) == pytest.approx((100, 1))
    check, login = measured.ONE_SERVER["gatepass"].check.value, measured.ONE_SERVER["gatepass"].login.value
    assert need.gatepass_cores == pytest.approx((100 * check + login + measured.HASH.value) / 1000 * 2)
    assert need.nodes == 2
    assert (need.tokens, need.expired_tokens, need.events) == pytest.approx((2_592_000, 691_200, 7_776_000))
    token, event, user = measured.TOKEN.whole, measured.EVENT.whole, measured.USER.whole
    assert need.data_gib * 1024 * mib == pytest.approx(3_283_200 * token + 7_776_000 * event + 864_000 * user)
    assert need.purge_hours_a_day == pytest.approx(172_800 / measured.PURGED.value / 3600)
    assert need.connections == 2 * 4 * (24 + 2)
    assert need.log_gib_a_day * 1024 * mib == pytest.approx(
        8_640_000 * measured.CHECK_BYTES.log.value + 86_400 * measured.LOGIN_BYTES.log.value
    )


def test_the_day_of_logins_by_hand() -> None:
    """2 nodes of 4 cores at cost 10, no checks: 8,000 ms of processor time a second."""
    plan = Plan(users=100_000, devices_per_user=1, checks_per_user_day=0, bcrypt_cost=10, cluster=1, node_cores=4)
    day, login = relogin(plan), measured.ONE_SERVER["gatepass"].login.value + measured.HASH.value
    assert day.logins == 100_000
    assert day.logins_a_second == pytest.approx(8000 / login)
    assert day.hours == pytest.approx(100_000 / 0.9 * login / 8000 / 3600)
    assert day.waiting == 8 * 22
    assert day.throttle_everyone == math.ceil(8000 / login * 0.1 * 60 * 2 / 1000) * 1000


def test_a_step_of_the_cost_doubles_the_hash_and_halves_who_waits() -> None:
    assert hash_ms(measured.HASH_COST) == measured.HASH.value
    assert [hash_ms(cost + 1) / hash_ms(cost) for cost in range(4, 15)] == [2.0] * 11
    assert [waiting_places(cost) for cost in (4, 10, 11, 12, 13)] == [22, 22, 15, 7, 3]


@given(PLANS)
def test_twice_the_users_need_twice_of_everything(plan: Plan) -> None:
    once, twice = (dataclasses.asdict(needs(dataclasses.replace(plan, users=n * plan.users))) for n in (1, 2))
    for name in set(once) - WHOLE:
        assert twice[name] == pytest.approx(2 * once[name]), name
    assert once["nodes"] <= twice["nodes"] <= 2 * once["nodes"] and once["node_gib"] == twice["node_gib"]


@given(PLANS, st.sampled_from(("checks_per_user_day", "peak_factor", "bcrypt_cost", "events_days")))
def test_more_of_anything_never_needs_less(plan: Plan, name: str) -> None:
    more = dataclasses.replace(plan, **{name: getattr(plan, name) + (getattr(plan, name) < LIMITS[name][1])})
    once, grown = dataclasses.asdict(needs(plan)), dataclasses.asdict(needs(more))
    assert all(grown[each] >= once[each] or math.isclose(grown[each], once[each]) for each in once)


@given(PLANS)
def test_nodes_carry_the_peak_without_one_of_them(plan: Plan) -> None:
    need = needs(plan)
    assert (need.nodes - 1) * plan.node_cores >= need.gatepass_cores * (1 - 1e-9)
    assert need.nodes >= 2 and need.node_gib == node_gib(plan.node_cores)


@given(PLANS)
def test_the_day_of_logins_ends_and_never_slows_the_checks(plan: Plan) -> None:
    day, need = relogin(plan), needs(plan)
    assert 0 < day.hours < math.inf and day.logins == plan.users * plan.devices_per_user
    assert day.throttle_everyone >= max(1000, day.failures_a_minute)
    cores = need.nodes * plan.node_cores
    part = (measured.ONE_SERVER if plan.cluster == 1 else measured.THREE_SERVERS)["gatepass"]
    checks = need.checks_a_second / 1000 * part.check.value
    assert day.logins_a_second * hash_ms(plan.bcrypt_cost) / 1000 + checks <= cores * (1 + 1e-9)


@given(PLANS)
def test_a_cluster_ends_at_the_same_number_of_users_whatever_was_asked(plan: Plan) -> None:
    found, again = limits(plan), limits(dataclasses.replace(plan, users=2 * plan.users))
    assert {each.resource: each.users for each in again} == pytest.approx({each.resource: each.users for each in found})
    assert [each.users for each in found] == sorted(each.users for each in found)
    assert clusters(plan) == max(1, math.ceil(plan.users / found[0].users))


def test_a_part_that_costs_nothing_takes_no_core() -> None:
    assert Costs(0, 0).cores(Plan(users=10_000_000)) == 0


@pytest.mark.parametrize("name", LIMITS)
def test_a_number_that_cannot_be_meant_is_refused(name: str) -> None:
    least, most = LIMITS[name]
    for value in (least - 1, most + 1, float("nan")):
        with pytest.raises(ValueError, match=f"^{name.replace('_', ' ')} must be from "):
            Plan(**{"users": 1, name: value})


def test_an_even_number_of_database_nodes_is_refused() -> None:
    with pytest.raises(ValueError, match="stops when half of them are lost: take 3"):
        Plan(users=1, cluster=2)
