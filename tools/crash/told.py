"""What an operator is told while a fault lasts: the lines of the log that are no ordinary ones, and /readyz."""

import json
from collections import Counter
from pathlib import Path
from typing import Final

from tools.cluster.processes import PAUSE
from tools.crash.machine import Machine, ready

ORDINARY: Final = ("request", "login.ok", "token.issued", "token.revoked")


def while_held(machine: Machine, seconds: float) -> str:
    """Let the fault last so long; what /readyz said meanwhile, each answer once."""
    said = dict[str, None]()
    for _ in range(max(1, int(seconds))):
        machine.hold(1.0 - PAUSE)
        status, text = ready(machine.address)
        said[f"{status or 'no answer'} {' '.join(text.split())[:160]}".strip()] = None
    return " / ".join(said)


def log_of(machine: Machine) -> Path:
    """The file in which its log can be read: of a pipe, what its reader has written down."""
    return machine.log.with_suffix(".read") if machine.log.is_fifo() else machine.log


def log_lines(log: Path, begin: int) -> Counter[str]:
    """How often each line that is no ordinary one stands behind this place of the log, in few words."""
    found = Counter[str]()
    with log.open("rb") as file:
        file.seek(begin)
        for line in file:
            if words := _words(line.decode(errors="replace")):
                found[words] += 1
    return found


def _words(line: str) -> str:
    try:
        entry = json.loads(line)
    except ValueError:
        return f"not JSON: {line.strip()[:60]}" if line.strip() else ""
    if entry.get("event") in ORDINARY:
        return ""
    about = [str(entry[name]) for name in ("event", "reason", "number", "exception", "message") if name in entry]
    return " ".join(about)[:100]
