"""The table of docs/capacity.md: the answers of `gatepass capacity` for three sizes."""

from v1.capacity.answer import answer, sections
from v1.capacity.plan import Plan

SIZES = {"100 thousand": 100_000, "10 million": 10_000_000, "500 million": 500_000_000}


def table() -> str:
    """A row for each line of the answers, a column for each size, in Markdown."""
    found = [sections(answer(Plan(users=users))) for users in SIZES.values()]
    lines = [f"| users | {' | '.join(SIZES)} |", f"|---|{'--:|' * len(SIZES)}"]
    for heading, first in found[0].items():
        lines.append(f"| **{heading}** |{' |' * len(SIZES)}")
        for name, _ in first:
            values = [dict(each[heading])[name] for each in found]
            lines.append(f"| {name} | {' | '.join(values)} |")
    return "\n".join(lines)
