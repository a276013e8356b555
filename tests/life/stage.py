"""What the rules of a life stand on: the service, the model, and how a rule takes one of the tokens that there are."""

from collections import Counter
from collections.abc import Callable
from typing import Any, ClassVar, Final

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition

from tests.life.model import SECONDS, Model, Token, User
from tests.life.world import World

WHICH: Final = st.integers(0, 6)
"""One of the tokens of a kind: good ones come first, the newest before older ones."""

PASSWORDS: Final = ("correct horse", "battery staple")
NAMES: Final = ("laptop", "server", "cron job")


class Stage(RuleBasedStateMachine):
    """The world and the model that a machine compares."""

    counted: ClassVar[Counter[str]] = Counter()
    world: World
    model: Model

    def token(self, which: int, *kinds: str, scope: str = "") -> Token:
        """One of the tokens of these kinds that were ever issued."""
        found = [each for each in self.model.tokens.values() if each.kind in kinds and scope in ("", each.scope)]
        found.sort(key=lambda each: (not self.model.is_good(each), -each.id))
        return found[which % len(found)]

    def user(self, which: int) -> User:
        """One of the users, of each name the latest, who may be deleted."""
        found = list({each.name: each for each in self.model.users.values()}.values())
        return found[which % len(found)]

    def issued(self, text: str | None, kind: str, owner: int, wanted: bool, **more: Any) -> Token | None:
        """Compare whether a token was issued, and note it. `more` has what differs from a token of this kind."""
        assert bool(text) == wanted, f"{kind} of user {owner}: it should be {'issued' if wanted else 'refused'}"
        self.counted["issued" if text else "refused"] += 1
        if not text:
            return None
        token_id, like = self.world.row(text)
        now = self.model.clock()
        given = {"expiry": now + SECONDS[kind], "used": now} | more
        return self.model.add(Token(token_id, text, kind, owner, now, like=like, **given))


def needs(*kinds: str, scope: str = "") -> Callable[[Any], Any]:
    """A rule for which there must be such a token, dead or alive."""

    def has(stage: Stage) -> bool:
        return any(each.kind in kinds and scope in ("", each.scope) for each in stage.model.tokens.values())

    return precondition(has)
