"""Which of several database hosts is used, without a database: what is reported of them decides."""

import threading

import pytest

from v1.db import hosts as choice
from v1.db.host_health import WELL, Health
from v1.db.hosts import LONGEST_PAUSE_SECONDS, PAUSE_SECONDS, Hosts
from v1.settings.database_hosts import parse

DOWN, READ_ONLY, DONOR = Health("down", "gone"), Health("read-only", "a replica"), Health("donor", "busy")


@pytest.fixture
def hosts(monkeypatch: pytest.MonkeyPatch) -> Hosts:
    """Three hosts that are well. One that recovers is used again at once."""
    monkeypatch.setattr(choice, "RETURN_SECONDS", (0.0, 0.0))
    made = Hosts(parse("db1,db2,db3"))
    for number in range(3):
        made.report(number, WELL)
    return made


def test_the_first_host_is_used(hosts: Hosts) -> None:
    assert hosts.current == 0
    assert [(str(each.host), each.health.state, each.used) for each in hosts.states()] == [
        ("db1:3306", "well", True),
        ("db2:3306", "well", False),
        ("db3:3306", "well", False),
    ]


@pytest.mark.parametrize("health", [DOWN, READ_ONLY, DONOR], ids=lambda each: each.state)
def test_a_host_that_is_not_well_is_left_and_taken_back(hosts: Hosts, health: Health) -> None:
    assert hosts.report(0, health) and hosts.current == 1
    assert not hosts.report(2, health) and hosts.current == 1
    assert hosts.report(0, WELL) and hosts.current == 0


def test_of_hosts_that_are_not_well_the_best_is_used(hosts: Hosts) -> None:
    for number, health in enumerate([DOWN, READ_ONLY, DONOR]):
        hosts.report(number, health)
    assert hosts.current == 2
    hosts.report(2, DOWN)
    assert hosts.current == 1
    hosts.report(0, READ_ONLY)
    assert hosts.current == 1, "a host that is as bad is no reason to change"


def test_a_preferred_host_must_be_well_for_some_time_before_it_is_used_again(
    hosts: Hosts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choice, "RETURN_SECONDS", (3600.0, 3600.0))
    hosts.report(0, DOWN)
    for _ in range(3):
        hosts.report(0, WELL)
    assert hosts.current == 1
    hosts.report(1, DOWN)
    assert hosts.current == 0, "nothing else is as good"


def test_workers_do_not_return_together(hosts: Hosts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choice, "RETURN_SECONDS", (10.0, 1000.0))
    moments = set()
    for _ in range(20):
        hosts.report(0, DOWN)
        hosts.report(0, WELL)
        moments.add(round(hosts._return_at[0]))
    assert len(moments) > 10


def test_a_host_that_stays_down_is_asked_less_and_less_often(hosts: Hosts) -> None:
    pauses = []
    for _ in range(10):
        hosts.report(1, DOWN)
        pauses.append(hosts._pause[1])
    assert pauses[:3] == [2 * PAUSE_SECONDS, 4 * PAUSE_SECONDS, 8 * PAUSE_SECONDS]
    assert pauses[-1] == LONGEST_PAUSE_SECONDS
    hosts.report(1, WELL)
    assert hosts._pause[1] == PAUSE_SECONDS


def test_a_long_pause_ends_when_no_host_is_well(hosts: Hosts) -> None:
    for _ in range(20):
        hosts.report(2, DOWN)
    asked = threading.Event()
    thread = threading.Thread(target=lambda: hosts.await_turn(2) and asked.set())
    thread.start()
    hosts.report(0, DOWN)
    hosts.report(1, DOWN)
    assert asked.wait(LONGEST_PAUSE_SECONDS - 1)
    thread.join()


def test_the_end_ends_every_wait(hosts: Hosts) -> None:
    for number in range(3):
        hosts.report(number, DOWN)
    said: list[bool] = []
    waits = [lambda: hosts.await_turn(0), lambda: hosts.await_well(3600.0)]
    threads = [threading.Thread(target=lambda wait=wait: said.append(wait())) for wait in waits]  # type: ignore[misc]
    for thread in threads:
        thread.start()
    hosts.end()
    hosts.report(0, WELL)
    for thread in threads:
        thread.join()
    assert sorted(said) == [False, True]
