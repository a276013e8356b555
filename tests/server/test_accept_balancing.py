"""Pins when a worker leaves a new connection to another."""

import os

from v1.server.accept_balancing import SLOTS, Balance


def test_only_a_worker_that_accepts_and_holds_fewer_is_left_to() -> None:
    balance = Balance()
    assert not balance.is_fuller(5), "there is no other"
    balance.tell(1, 5)
    assert not balance.is_fuller(5) and balance.is_fuller(6)
    balance.tell(2, 0)
    assert balance.is_fuller(1) and not balance.is_fuller(0)
    balance.gone(2)
    assert not balance.is_fuller(5)


def test_ages_may_grow_for_ever() -> None:
    balance = Balance()
    balance.tell(SLOTS * 1_000_000 + 3, 2)
    assert balance.is_fuller(3)
    balance.gone(SLOTS * 1_000_000 + 3)
    assert not balance.is_fuller(3)


def test_children_share_it() -> None:
    balance = Balance()
    child = os.fork()
    if not child:
        balance.tell(7, 1)
        os._exit(0)
    os.waitpid(child, 0)
    assert balance.is_fuller(2) and not balance.is_fuller(1)
