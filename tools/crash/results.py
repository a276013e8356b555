"""What came of the rounds, as a Markdown table."""

import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tools.cluster.ledger import BREACHES, Ledger

ALL_BREACHES: Final = (*BREACHES, "foreign")
"""Those of a cluster, and an answer in no dialect of its door."""

HEAD: Final = (
    *("what happened", "rounds", "logins", "checks", "revocations"),
    *("lost logins", "revived tokens", "wrong answers", "outside the dialect", "failed requests"),
    *("recovered after: median (s)", "worst (s)", "seen"),
)


@dataclass(frozen=True)
class Result:
    """One round. `recovered`: seconds until a login and a check that began afterwards had succeeded."""

    name: str
    counts: Counter[str]
    examples: tuple[str, ...]
    recovered: float
    seen: str = ""

    @property
    def kept(self) -> bool:
        """Whether every promise was kept."""
        return not any(self.counts[breach] for breach in ALL_BREACHES)

    def line(self) -> str:
        failed = {name: count for name, count in self.counts.items() if name.startswith("failed ")}
        names = ("logins", "checks", "revocations", *ALL_BREACHES)
        counted = ", ".join(f"{name} {self.counts[name]}" for name in names)
        return f"{self.name}: {counted}; {failed}; recovered after {self.recovered:.2f} s; {self.seen}"


def of_ledger(name: str, book: Ledger, recovered: float, seen: str = "") -> Result:
    return Result(name, book.counts, tuple(book.examples[:5]), recovered, seen)


def table(results: Sequence[Result]) -> str:
    """A line for each thing that happened: sums of the counts, and the times to recover."""
    lines = [f"| {' | '.join(HEAD)} |", f"|---|{'--:|' * (len(HEAD) - 2)}---|"]
    for name in dict.fromkeys(each.name for each in results):
        lines.append(f"| {' | '.join(_row(name, [each for each in results if each.name == name]))} |")
    return "\n".join(lines)


def _row(name: str, rounds: Sequence[Result]) -> list[str]:
    total = sum((each.counts for each in rounds), Counter[str]())
    counted = [f"{total[count]:,}" for count in ("logins", "checks", "revocations", *ALL_BREACHES, "failed")]
    times = [each.recovered for each in rounds]
    seen = "; ".join(dict.fromkeys(each.seen for each in rounds if each.seen))
    return [name, str(len(rounds)), *counted, f"{statistics.median(times):.2f}", f"{max(times):.2f}", seen]
