"""What several clients did at once, and what may be true after it.

Each thing has a span: its begin was noted before it was asked for, its end after it was answered. What ended before
another thing began happened before it; of two that overlap, either may have been first.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count

Tick = int


@dataclass(frozen=True)
class Span:
    begin: Tick
    end: Tick

    def before(self, other: "Span") -> bool:
        return self.end < other.begin


@dataclass(frozen=True)
class Made:
    """A token that was handed out. `above` are the refresh tokens of its family above it; `password` proved a login."""

    text: str = field(repr=False)
    kind: str
    user: int
    span: Span
    above: tuple[str, ...] = ()
    password: str = ""


@dataclass(frozen=True)
class Ended:
    """An answered revocation. `disables`: the user too. `password` is the new one, if that was changed with it."""

    name: str
    user: int
    span: Span
    covers: Callable[[Made], bool] = field(repr=False)
    texts: frozenset[str] = field(default=frozenset(), repr=False)
    disables: bool = False
    password: str = ""


@dataclass(frozen=True)
class Seen:
    """A token was shown: was it good?"""

    token: Made
    span: Span
    good: bool


@dataclass(frozen=True)
class Tried:
    """A login was tried."""

    user: int
    password: str
    span: Span
    good: bool


@dataclass(frozen=True)
class Changed:
    """From then on the user is enabled or not, and has this password. Those of one user never overlap."""

    user: int
    span: Span
    enabled: bool
    password: str


@dataclass
class History:
    """All that happened. Threads append to its lists."""

    ticks: "count[Tick]" = field(default_factory=count)
    made: list[Made] = field(default_factory=list)
    ended: list[Ended] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    tried: list[Tried] = field(default_factory=list)
    changed: list[Changed] = field(default_factory=list)

    def span(self, begin: Tick) -> Span:
        """The span of what began then and was answered now."""
        return Span(begin, next(self.ticks))

    def wrong(self) -> list[str]:
        """All that cannot be, whichever of overlapping things was first."""
        found = [f"good, after {why}: {each}" for each in self.seen if each.good and (why := self._must_be_dead(each))]
        found += [f"dead, for no reason: {each}" for each in self.seen if not each.good and self._must_be_good(each)]
        return found + [f"a login: {each}" for each in self.tried if self._may_log_in(each) == (not each.good)]

    def _must_be_dead(self, seen: Seen) -> Ended | None:
        before = (each for each in self.ended if each.span.before(seen.span))
        return next((each for each in before if self._kills(each, seen.token)), None)

    def _kills(self, ended: Ended, token: Made) -> bool:
        """Did this surely end the token? A refresh token ends with all below it, whenever that was made."""
        return any(self._kills_itself(ended, each) for each in (token, *self._above(token)))

    def _kills_itself(self, ended: Ended, token: Made) -> bool:
        if token.text in ended.texts:
            return True
        if not ended.covers(token):
            return False
        if token.span.before(ended.span):
            return True
        proved_before = ended.disables or ended.password and token.password not in ("", ended.password)
        return bool(proved_before) and token.span.begin < ended.span.end and not self._was_right_later(ended, token)

    def _was_right_later(self, ended: Ended, token: Made) -> bool:
        """May the user have been enabled, or given that password, between this end and the issue of the token?"""
        later = (each for each in self.changed if each.user == token.user and ended.span.before(each.span))
        right = (each for each in later if each.enabled and token.password in ("", each.password))
        return any(each.span.begin < token.span.end for each in right)

    def _must_be_good(self, seen: Seen) -> bool:
        """It was made before, and nothing that may have ended it was under way since."""
        token, above = seen.token, self._above(seen.token)
        for each in self.ended:
            concerns = any(each.covers(one) or one.text in each.texts for one in (token, *above))
            if concerns and each.span.begin < seen.span.end and token.span.begin < each.span.end:
                return False
        return token.span.before(seen.span)

    def _above(self, token: Made) -> list[Made]:
        return [each for each in self.made if each.text in token.above]

    def _may_log_in(self, tried: Tried) -> bool | None:
        """None if the user was changed meanwhile."""
        own = [each for each in self.changed if each.user == tried.user]
        if any(not each.span.before(tried.span) and not tried.span.before(each.span) for each in own):
            return None
        last = [each for each in own if each.span.before(tried.span)][-1]
        return last.enabled and last.password == tried.password
