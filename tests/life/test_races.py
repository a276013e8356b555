"""Several clients do things at once: what was answered holds, for whatever was asked after it.

A token that was revoked, whose user was disabled or whose password was changed is never good again; a login that is
answered after that is good; and nothing else dies.
"""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from tests.conftest import NOW
from tests.fuzz import ALL, examples
from tests.life import places
from tests.life.administrator import NAME, Administrator
from tests.life.clients import Client
from tests.life.history import History
from tests.life.model import Token
from tests.life.service import Running, report, running
from tests.life.stage import PASSWORDS
from tests.life.world import World
from tools.private_server import Server

SEED = random.randrange(10**9) if ALL else 16
ROUNDS = examples(3, of=200)
THREADS, EACH, CHANGES = 4, 40, 25
"""Clients, and how much each of them and the administrator does in a round."""


def begin_round(world: World, seed: str) -> tuple[History, Administrator, list[Client]]:
    """Two users, their clients, and their administrator."""
    world.empty()
    world.clock.set(NOW)
    history = History()
    names = {world.add_user(name, PASSWORDS[0]): name for name in ("ann", "bob")}
    world.add_user(NAME, PASSWORDS[0])
    assert world.command("user", "admin", NAME) is not None
    inspector = str(world.command("token", "create", "inspector", "--scope", "introspect")).split()[0]
    clients = [Client(world, history, names, f"{seed} {number}", inspector) for number in range(THREADS)]
    administrator = Administrator(replace(world), history, names, seed)
    administrator.begin()
    return history, administrator, clients


def repeat(act: Callable[[], None], times: int) -> None:
    for _ in range(times):
        act()


def test_what_was_answered_holds_whoever_does_what_at_the_same_time(
    migrated: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tried = 0
    with running(migrated, tmp_path, monkeypatch) as service:
        for number in range(ROUNDS):
            history, administrator, clients = begin_round(service.worlds[0], f"{SEED} {number}")
            with ThreadPoolExecutor(THREADS + 1) as pool:
                acts = [pool.submit(repeat, client.act, EACH) for client in clients]
                acts.append(pool.submit(repeat, administrator.do, CHANGES))
            administrator.world.root.close()
            for each in acts:
                each.result()
            look_at_all(service, history, clients[0], administrator)
            tried += len(history.made) + len(history.ended) + len(history.seen) + len(history.changed)
            assert not (wrong := history.wrong()), f"seed {SEED}, round {number}: {wrong[0]}"
    report(capsys, f"clients at once: {ROUNDS:,} rounds, {tried:,} things that were answered and judged")


def look_at_all(service: Running, history: History, client: Client, administrator: Administrator) -> None:
    """Show every token once more, at the door, to the main loop and to a DBA, who agree."""
    good = [client.show(each) for each in history.made]
    tokens = [Token(number, each.text, each.kind, each.user, NOW, NOW, NOW) for number, each in enumerate(history.made)]
    for (number, path), said in places.said_by_loop(service.loop, tokens, ["/v1/verify/"]).items():
        assert said == good[number], (path, history.made[number])
    live = {client.world.row(each.text)[0] for each, is_good in zip(history.made, good, strict=True) if is_good}
    own = {client.world.row(each)[0] for each in (client.inspector, administrator.session)}
    assert places.said_by_view(client.world) - own == live
