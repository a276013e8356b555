"""The ledger of a load: what the service has promised about each token, and every answer that breaks a promise.

A login that was answered promises a good token. A revocation that was answered promises a dead one. What was not
answered promises nothing: such a token may be either.
"""

from collections import Counter
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from tools.cluster.http_client import Answer

GOOD_AT_CHECK, BAD_AT_CHECK = 200, 401
BAD_TOKEN, TRY_LATER = "1403", "5501"


class Promise(Enum):
    """What is promised about a token."""

    GOOD = "a login was answered with it"
    DEAD = "its revocation was answered"
    NOTHING = "a revocation was sent, and not answered"


BREACHES: Final = ("lost", "revived", "wrong")
"""A good token that is dead afterwards, a revoked one that is good, and any other answer that nobody may give."""


@dataclass
class Ledger:
    """What one client has been promised and answered. A token belongs to one client, which asks about it one request
    at a time: so each answer can be judged by what was answered before."""

    tokens: dict[str, Promise] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)
    """The first answers that broke a promise."""

    def login(self, answer: Answer, token: str | None, code: str) -> bool:
        """Note the answer to a login with a right password. Whether it succeeded."""
        if token:
            self.tokens[token] = Promise.GOOD
            self.counts["logins"] += 1
            return True
        self._refused("login", answer, code)
        return False

    def check(self, token: str, answer: Answer) -> bool:
        """Note the answer to a check of this token. Whether it was answered."""
        if answer.status not in (GOOD_AT_CHECK, BAD_AT_CHECK):
            self._refused("check", answer, "")
            return False
        self.counts["checks"] += 1
        promise = self.tokens[token]
        if promise is Promise.GOOD and answer.status == BAD_AT_CHECK:
            self._breach("wrong", f"a good token was called bad: {answer}")
        if promise is Promise.DEAD and answer.status == GOOD_AT_CHECK:
            self._breach("revived", f"a revoked token was called good: {answer}")
        return True

    def revoke(self, token: str, answer: Answer, revoked: bool, code: str) -> bool:
        """Note the answer to a revocation by the token itself. Whether it was answered."""
        if revoked:
            self.tokens[token] = Promise.DEAD
            self.counts["revocations"] += 1
            return True
        if code == BAD_TOKEN:
            self._breach("wrong", f"a good token could not be revoked: {answer}")
        else:
            self._refused("revocation", answer, code)
        self.tokens[token] = Promise.NOTHING
        return False

    def afterwards(self, token: str, answer: Answer, node: str) -> None:
        """Note what a node says about this token once the cluster is well again."""
        promise = self.tokens[token]
        self.counts["afterwards"] += 1
        if promise is Promise.GOOD and answer.status != GOOD_AT_CHECK:
            self._breach("lost", f"a token of an answered login is not good at {node} afterwards: {answer}")
        if promise is Promise.DEAD and answer.status != BAD_AT_CHECK:
            self._breach("revived", f"a revoked token is not dead at {node} afterwards: {answer}")

    def _refused(self, request: str, answer: Answer, code: str) -> None:
        """Count a request that failed. "Try again later" and a broken connection are allowed; all else is wrong."""
        allowed = answer.status in (0, 502, 503, 504) or code == TRY_LATER
        self.counts["failed"] += 1
        self.counts[f"failed {request}s: {code or answer.status or 'no answer'}"] += 1
        if not allowed:
            self._breach("wrong", f"a {request} was answered {answer}")

    def _breach(self, kind: str, text: str) -> None:
        self.counts[kind] += 1
        self.examples.append(text[:400])


def joined(ledgers: list[Ledger]) -> Ledger:
    """What all clients have been answered."""
    whole = Ledger()
    for each in ledgers:
        whole.tokens |= each.tokens
        whole.counts += each.counts
        whole.examples += each.examples
    return whole
