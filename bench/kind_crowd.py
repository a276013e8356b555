"""What a check of each kind of token (bench/kind_checks.py) costs beside a mobile token's, at eight clients."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median

from bench import wrk
from bench.client import Page
from bench.kind_checks import LOOKED_AT, MOBILE, SIGNED, TARGET, Contestant
from bench.place import Place, workers_of
from bench.processes import processor_seconds
from bench.report import Table, ms, progress
from bench.throughput import CLIENTS
from bench.turns import in_turns, judged, times
from bench.wrk import Checks
from tools.private_files import write_private

Round = tuple[Checks, float]
"""What the clients got, and the seconds of processor time a check, MariaDB's included."""


def measure(place: Place, page: Page, pid: int, found: dict[str, Contestant], where: str) -> Table:
    """All kinds in turns. `pid` is gunicorn's first process."""
    rounds, seconds = place.repeats(5, 1), place.repeats(3, 1)
    pids = [place.server.process.pid, pid, *workers_of(pid, 2)]

    def run(contestant: Contestant, file: Path, seconds: int) -> Round:
        before = processor_seconds(pids)
        checks = wrk.requests(page, file, contestant.status, contestant.kind, CLIENTS, seconds)
        return checks, (processor_seconds(pids) - before) / checks.number

    runs: dict[str, Callable[[], Round]] = {}
    for number, (name, contestant) in enumerate(found.items()):
        file = place.directory / f"requests{number}"
        write_private(file, b"".join(contestant.requests).decode())
        runs[name] = partial(run, contestant, file, seconds)
        if name == MOBILE:
            progress("kinds: warming both workers up")
            run(contestant, file, 1)
    return _table(where, in_turns(f"kinds: {CLIENTS} clients", runs, rounds))


def _table(where: str, found: dict[str, list[Round]]) -> Table:
    each = {name: [1 / checks.rate for checks, _ in taken] for name, taken in found.items()}
    spent = {name: [seconds for _, seconds in taken] for name, taken in found.items()}
    rows = []
    for name, taken in found.items():
        middle, high = (median(getattr(checks, part) for checks, _ in taken) for part in ("median", "high"))
        rate = f"{median(checks.rate for checks, _ in taken):.0f}"
        to_mobile = ("", "") if name == MOBILE else (times(each[name], each[MOBILE]), times(spent[name], spent[MOBILE]))
        rows.append((name, rate, to_mobile[0], ms(middle), ms(high), ms(median(spent[name])), to_mobile[1]))
    notes = [judged(f"{name}, {CLIENTS} clients, to mobile", each[name], each[MOBILE], TARGET) for name in SIGNED]
    notes.append(f"{LOOKED_AT} Processor time is that of a check, MariaDB's included.")
    columns = ("token", "a second", "time to a mobile token's", "median ms", "99 % ms", "processor ms", "to a mobile's")
    title = f"Checks by kind: {CLIENTS} clients, {where} ({len(found[MOBILE])} rounds in turns)"
    return Table(title, columns, rows, notes)
