"""What libFuzzer has printed, as figures and findings."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

_STATE: Final = re.compile(r"#(\d+)\s+\w+\s+cov: (\d+) ft: (\d+)")
_UNITS: Final = re.compile(r"stat::number_of_executed_units:\s*(\d+)")
_ARTIFACT: Final = re.compile(r"Test unit written to (\S+)")
_ERROR: Final = re.compile(r"^(\w[\w.]*(?:Error|Exception|Interrupt|Iteration|Exit)\b.*)$", re.MULTILINE)
_SLOW: Final = re.compile(r"ERROR: libFuzzer: (timeout|out-of-memory)")


@dataclass
class Result:
    """What a target has come to, in all its processes."""

    name: str
    inputs: int = 0
    edges: int = 0
    features: int = 0
    findings: dict[str, str] = field(default_factory=dict)
    """The file of an input for each error."""
    broken: str = ""
    """Why the target could not run."""

    def add(self, printed: str) -> None:
        """Add what one process has printed."""
        states = [tuple(map(int, found)) for found in _STATE.findall(printed)]
        units = [int(found) for found in _UNITS.findall(printed)]
        self.inputs += max([*units, *(state[0] for state in states)], default=0)
        self.edges = max([self.edges, *(state[1] for state in states)])
        self.features = max([self.features, *(state[2] for state in states)])
        artifacts = _ARTIFACT.findall(printed)
        if artifacts:
            slow = _SLOW.search(printed)
            errors = _ERROR.findall(printed)
            said = slow[1] if slow else errors[-1] if errors else "crash"
            self.findings.setdefault(said[:100], artifacts[-1])
        elif not states:
            self.broken = printed.strip().splitlines()[-1] if printed.strip() else "it printed nothing"

    def line(self) -> str:
        """Its row of the table."""
        found = "; ".join(self.findings) or self.broken or "none"
        return f"| {self.name} | {self.inputs:,} | {self.edges:,} | {self.features:,} | {found.replace('|', '/')} |"


def table(results: Iterable[Result]) -> str:
    """A markdown table of all targets, with the sum of their inputs."""
    rows = list(results)
    head = ["| target | inputs | edges | features | findings |", "|---|---:|---:|---:|---|"]
    total = sum(row.inputs for row in rows)
    found = sum(len(row.findings) for row in rows) or "none"
    return "\n".join([*head, *(row.line() for row in rows), f"| all | {total:,} | | | {found} |"])
