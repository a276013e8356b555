"""The model of one machine: how cores are shared, what arithmetic says of its rates, and what was measured."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.modelled import CROWD, Load, Login, batch_costs
from bench.queueing import NICER, WEIGHT, Model, shares
from tests.capacity import documents
from v1.capacity.measured import DATABASE_BY_CLIENTS, FRONT, LOGIN_CLIENT, ONE_SERVER, SERVICE_BY_CLIENTS
from v1.capacity.needs import hash_ms

LOGIN = Login(ONE_SERVER["gatepass"].login.value, hash_ms(10), ONE_SERVER["database"].login.value, LOGIN_CLIENT.value)
SLOWER = (ONE_SERVER["gatepass"].check.value + ONE_SERVER["database"].check.value) / (
    SERVICE_BY_CLIENTS[8].value + DATABASE_BY_CLIENTS[8].value
)
"""How much longer a check of 8 clients takes on the machine of the logins than on that of the checks by clients."""

CLIENT = 0.035
"""Milliseconds that a check costs wrk, so that the sum of all parts is what two cores had in the measured runs."""


def modelled(checking: int, logging_in: int = 0, cores: float = 2, milliseconds: float = 1500):
    return Model(Load(checking, logging_in, LOGIN, CLIENT, milliseconds), cores).run()


@given(st.lists(st.sampled_from((WEIGHT, NICER)), min_size=1, max_size=12), st.floats(0.1, 16))
def test_cores_are_shared_by_weight_and_none_is_idle(weights: list[float], cores: float) -> None:
    found = shares(weights, cores)
    assert sum(found) == pytest.approx(min(cores, len(weights)))
    assert all(0 < each <= 1 + 1e-9 for each in found)
    partial = [share / weight for share, weight in zip(found, weights, strict=True) if share < 1 - 1e-9]
    assert not partial or max(partial) == pytest.approx(min(partial))


def test_one_client_waits_for_every_part_in_turn() -> None:
    cycle = SERVICE_BY_CLIENTS[1].value + DATABASE_BY_CLIENTS[1].value
    found = modelled(1)
    assert found.checks == pytest.approx(1000 / (cycle + CLIENT), rel=0.01) and found.median == pytest.approx(cycle)
    login = LOGIN.service + LOGIN.hash + LOGIN.database + LOGIN.client
    assert modelled(0, 1, milliseconds=10_000).logins == pytest.approx(1000 / login, rel=0.02)


def test_many_logins_take_all_cores() -> None:
    login = LOGIN.service + LOGIN.hash + LOGIN.database + LOGIN.client
    for cores in (1, 2):
        assert modelled(0, 16, cores, 20_000).logins == pytest.approx(cores * 1000 / login, rel=0.05)


def test_a_batch_costs_what_was_measured_of_one_client_and_of_a_crowd() -> None:
    for batch, by_clients in zip(batch_costs(), (SERVICE_BY_CLIENTS, DATABASE_BY_CLIENTS), strict=True):
        assert batch.of(1) == pytest.approx(by_clients[1].value)
        assert batch.of(8) / 8 == pytest.approx(by_clients[CROWD].value)
        assert batch.of(2) / 2 == pytest.approx(by_clients[8].value, rel=0.1)  # which it was not made from


PAGE = "docs/capacity.md#Checked here"
LOGINS = "bench/results.md#Throughput: 8 clients, keep-alive, cost 10 (9 rounds of 160)"
STORM = (
    "bench/results.md#Token checks beside a storm of logins: 32 clients without pause, cost 10, autogroup off "
    "(9 rounds of 8 s in turns)"
)
PREDICTED = {
    "checks a second, 1 client": (FRONT, "checks a second, 1 client | after", 0.05),
    "checks a second, 8 clients": (FRONT, "checks a second, 8 clients | after", 0.05),
    "checks a second, 32 clients": (FRONT, "checks a second, 32 clients | after", 0.2),
    "logins a second, 8 clients": (LOGINS, "Gatepass (gunicorn, WORKERS=2 THREADS=24) | median a second", 0.05),
    "checks a second, 8 clients beside 32 logging in": (STORM, "8 checking, 32 logging in | a second", 0.25),
    "logins a second of these 32": (STORM, "8 checking, 32 logging in | logins a second", 0.9),
}
"""What docs/capacity.md compares: where it was measured, and how far off the model may be."""


def predicted(name: str) -> float:
    if name == "logins a second, 8 clients":
        return modelled(0, 8, milliseconds=10_000).logins
    if "32 logging in" in name or "these 32" in name:
        there = replace(LOGIN, **{part: ms / SLOWER for part, ms in vars(LOGIN).items()})
        found = Model(Load(8, 32, there, CLIENT, 4000), 2).run()
        return (found.logins if name.startswith("logins") else found.checks) / SLOWER
    return modelled(int(name.split()[-2])).checks


@pytest.mark.parametrize("name", PREDICTED)
def test_a_prediction_of_the_page_is_the_model_s_and_near_what_was_measured(name: str) -> None:
    source, where, off = PREDICTED[name]
    said, measured = documents.figure(PAGE, f"{name} | predicted"), documents.figure(PAGE, f"{name} | measured")
    assert measured == documents.figure(source, where)
    assert predicted(name) == pytest.approx(said, rel=0.1 if said < 10 else 0.03)
    assert said == pytest.approx(measured, rel=off)
    assert documents.figure(PAGE, f"{name} | measured to predicted") == pytest.approx(measured / said, abs=0.06)


def test_checks_come_before_hashes() -> None:
    alone, beside = modelled(8), modelled(8, 32)
    assert beside.checks > 0.85 * alone.checks and 0 < beside.logins < modelled(0, 32, milliseconds=10_000).logins
