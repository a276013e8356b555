"""A token is good at every place where it may be shown, or at none: as the model says, whatever happened before.

Hypothesis draws the steps of a life: logins at all doors, renewals, revocations, passwords, disabling, purges, time,
PHP and DBAs in between. After each step every token that was ever issued is shown at every place.
"""

from pathlib import Path
from typing import ClassVar

import hypothesis
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, run_state_machine_as_test

from tests.conftest import NOW
from tests.fuzz import examples
from tests.life import places
from tests.life.model import Model, User
from tests.life.rules_accounts import Accounts
from tests.life.rules_issue import DOORS, Issuing
from tests.life.service import LIMITS, Running, report, running
from tests.life.stage import PASSWORDS, WHICH
from tools.private_server import Server

USERS = ("ann", "bob", "cem")
FIRST = st.lists(st.tuples(st.sampled_from(DOORS), WHICH), min_size=2, max_size=5)
"""The logins that a life begins with."""

settings = hypothesis.settings(
    max_examples=examples(32, of=400), stateful_step_count=25, derandomize=True, database=None, deadline=None
)


class Life(Issuing, Accounts):
    """The machine. The first user is an administrator."""

    running: ClassVar[Running]

    @initialize(limit=st.sampled_from(LIMITS), logins=FIRST, pairs=st.booleans())
    def begin(self, limit: int, logins: list[tuple[str, int]], pairs: bool) -> None:
        self.world, self.counted["lives"] = self.running.worlds[limit], self.counted["lives"] + 1
        self.world.empty()
        self.world.clock.set(NOW)
        self.model = Model(self.world.clock, limit)
        for name in USERS:
            user_id = self.world.add_user(name, PASSWORDS[0])
            self.model.users[user_id] = User(user_id, name, PASSWORDS[0])
        self.make_administrator(0, off=False)
        self.inspector = str(self.world.command("token", "create", "inspector", "--scope", "introspect")).split()[0]
        self.inspector_id = self.world.row(self.inspector)[0]
        for door, which in (("console", 0), *logins):  # a session of the administrator, or their acts would be rare
            self.log_in(door, which, "right")
        if pairs:  # a family of three generations, of one who is no administrator: theirs are families of two
            self.log_in("jwt_refresh", 1, "right")
            self.create_pair(0, 1, own=True, access=0, refresh=0, manages=True)

    @invariant()
    def every_place_agrees(self) -> None:
        """The doors, the main loop, nginx, PHP's SELECT, the DBA's view, and the rows themselves."""
        tokens, good = list(self.model.tokens.values()), {}
        for token in tokens:
            said = places.said_by_doors(self.world, token, self.inspector)
            assert said == places.expected(self.model, token), token
            good[token.id] = self.model.is_good(token)
        for service, paths in ((self.running.loop, ["/v1/verify/"]), (self.running.front, ["/page", "/v1/verify/"])):
            for (token_id, path), said in places.said_by_loop(service, tokens, paths).items():
                assert said == good[token_id], (path, self.model.tokens[token_id])
                self.counted["checks"] += 1
        self.rows_agree({token_id for token_id, is_good in good.items() if is_good})
        self.counted.update(steps=1, checks=len(tokens))

    def rows_agree(self, good: set[int]) -> None:
        """In the database is what there should be, to the second of the last use."""
        php = {each.id for each in self.model.rows(kinds=("mobile",)) if self.model.is_unexpired(each)}
        found = places.said_by_sql(self.world, self.model)
        assert found == {"php": php, "view": good | {self.inspector_id}}
        assert self.world.core.write_behind.write()
        for _ in self.model.all_used():
            pass
        wanted = {(each.id, each.user, each.kind, each.expiry, each.used, each.name) for each in self.model.rows()}
        assert {row for row in places.rows(self.world) if row[0] != self.inspector_id} == wanted


def test_no_token_is_good_that_should_be_dead_nor_dead_that_should_be_good(
    migrated: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with running(migrated, tmp_path, monkeypatch) as Life.running:
        run_state_machine_as_test(Life, settings=settings)
    tried = ", ".join(f"{number:,} {name}" for name, number in Life.counted.items())
    report(capsys, f"a token's life: {tried}")
    assert Life.counted["steps"] > 10 * Life.counted["lives"], tried
