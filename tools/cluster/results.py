"""The results of faults: what one round was, and the Markdown table of all."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from tools.cluster.ledger import BREACHES, Ledger


@dataclass(frozen=True)
class Result:
    """What clients were answered while a fault happened once. Times are in seconds."""

    fault: str
    counts: Counter[str]
    examples: tuple[str, ...]
    outage: dict[str, float]
    """By kind of request: the longest time without a success of any client."""
    wait: dict[str, float]
    """By kind of request: the longest time in which one client had no success."""
    seen: str

    @property
    def kept(self) -> bool:
        """Whether every promise was kept."""
        return not any(self.counts[breach] for breach in BREACHES)

    def line(self) -> str:
        """This round in one line."""
        outages = ", ".join(f"{kind} {self.outage[kind]:.1f} s" for kind in self.outage)
        waits = ", ".join(f"{kind} {self.wait[kind]:.1f} s" for kind in self.wait)
        failed = {name: count for name, count in self.counts.items() if name.startswith("failed ")}
        counts = ", ".join(f"{name} {self.counts[name]}" for name in ("logins", "checks", "revocations", *BREACHES))
        return f"{self.fault}: {counts}; {failed}; outage: {outages}; one client: {waits}; {self.seen}"


HEAD: Final = (
    "fault",
    "rounds",
    "logins",
    "checks",
    "lost logins",
    "revived tokens",
    "wrong answers",
    "failed requests",
    "outage of logins, checks (s)",
    "one client's (s)",
    "seen in each round",
)


def table(results: Iterable[Result]) -> str:
    """A Markdown table, a line for each fault: sums of the counts, and of the outages the longest of each round."""
    lines = [f"| {' | '.join(HEAD)} |", f"|---|{'--:|' * (len(HEAD) - 2)}---|"]
    for fault, group in groupby(results, lambda result: result.fault):
        lines.append(f"| {' | '.join(_row(fault, list(group)))} |")
    return "\n".join(lines)


def _row(fault: str, rounds: list[Result]) -> list[str]:
    total = sum((each.counts for each in rounds), Counter[str]())
    counted = [f"{total[name]:,}" for name in ("logins", "checks", *BREACHES, "failed")]
    outages = [_longest([each.outage for each in rounds]), _longest([each.wait for each in rounds])]
    return [fault, str(len(rounds)), *counted, *outages, "; ".join(each.seen for each in rounds if each.seen)]


def _longest(rounds: list[dict[str, float]]) -> str:
    return ", ".join(f"{max(each[kind] for each in rounds):.1f}" for kind in ("login", "check"))


def of_ledger(fault: str, book: Ledger, outage: dict[str, float], wait: dict[str, float], seen: str) -> Result:
    return Result(fault, book.counts, tuple(book.examples[:5]), outage, wait, seen)
