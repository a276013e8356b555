"""What a refused login tells of the name, by its time and by its bytes: whether it exists, its tokens, its password.

Cost 4, one client. Every other cost only adds the same to all of them. The kinds come in blocks, one try of each in a
random order, so that a drift of the machine meets all of them.
"""

import random
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from statistics import median
from typing import Final

from bench import guesses
from bench.client import receive
from bench.guesses import HERE, Door, Kind
from bench.place import LOW_COST, Place
from bench.processes import HOST
from bench.report import BenchError, Table, progress
from bench.stats import welch

TARGET: Final = 4.5
CUT: Final = 5
"""Percent of the slowest tries of each kind that one of the two judgements leaves out. They are those in which the
kernel ran something else: ten times as long as the others, they hide a difference of the rest."""

TRIES: Final = 2000
THROTTLES: Final = {"not throttled": "1000000", "throttled": "1"}

ONE_WAIT: Final = "UPDATE login_throttle SET blocked_until = UNIX_TIMESTAMP() + 80000 WHERE blocked_until > 0"
"""All wait equally long, so that pages which tell it in hours are the same."""

Samples = Mapping[str, list[float]]
_JUDGED: Final = (f"\\|t\\|, {CUT} % cut", "between", "\\|t\\|, all", "between")
COLUMNS: Final = ("door", "throttle", "kinds", "medians, ms", *_JUDGED)


@dataclass(frozen=True)
class Found:
    """What one door told: the seconds by kind, and the kinds whose bytes were not the same, for each time."""

    samples: dict[str, list[float]]
    unlike: list[str]


def measure(place: Place) -> list[Table]:
    """Every door at which a password is proved, with the throttle out of the way and in it."""
    sessions = guesses.add_users(place)
    found: dict[tuple[str, str], Found] = {}
    for throttled, limit in THROTTLES.items():
        limits = {f"THROTTLE_{key}": "1000000" for key in ("ADDRESS", "ACCOUNT", "EVERYONE")}
        delays = {"THROTTLE_DELAY_SECONDS": "3600", "THROTTLE_DELAY_MAX_SECONDS": "86400"}
        settings = {"APP_ENV": "development", "BCRYPT_COST": str(LOW_COST), "TRUSTED_PROXIES": "127.0.0.1/32"}
        with place.gatepass(THROTTLE_PAIR=limit, WORKERS="1", **limits, **delays, **settings) as (page, _):
            for name, door in guesses.doors(sessions).items():
                if throttled == "not throttled" or not door.second_reading:
                    kinds = door.kinds(throttled == "throttled")
                    found[name, throttled] = _found(place, page.port, f"{name}, {throttled}", door, kinds)
        place.server.sql("DELETE FROM login_throttle", "gatepass")
    return [_table(place.repeats(TRIES, 20), found)]


def _found(place: Place, port: int, what: str, door: Door, kinds: dict[str, Kind]) -> Found:
    repeats = place.repeats(TRIES, 20)
    found = Found({label: [] for label in kinds}, [])
    with socket.create_connection((HOST, port), timeout=60) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for name, _ in [*kinds.values()] * 5:
            refused(connection, door, (name, guesses.WRONG))
        place.server.sql(ONE_WAIT, "gatepass")
        for number in range(repeats):
            progress(f"names: {what}: {number * len(kinds):,} of {repeats * len(kinds):,}")
            _one_of_each(connection, door, kinds, found)
    return found


def _one_of_each(connection: socket.socket, door: Door, kinds: dict[str, Kind], found: Found) -> None:
    answers: dict[bytes, str] = {}
    for label in random.sample([*kinds], len(kinds)):
        seconds, answer = refused(connection, door, kinds[label])
        found.samples[label].append(seconds)
        answers.setdefault(guesses.without_what_varies(answer, kinds[label][0]), label)
    if len(answers) > 1:
        found.unlike.append(" / ".join(sorted(answers.values())))


def refused(connection: socket.socket, door: Door, kind: Kind) -> tuple[float, bytes]:
    """The seconds of one guess and its answer. Raises BenchError if it is let in."""
    body = door.body(*kind)
    head = f"POST {door.path} HTTP/1.1\r\nHost: {HOST}\r\nUser-Agent: bench\r\nX-Forwarded-For: {HERE}\r\n"
    raw = f"{head}{door.head(*kind)}Content-Length: {len(body)}\r\n\r\n{body}".encode()
    started = time.perf_counter()
    connection.sendall(raw)
    answer = receive(connection)
    seconds = time.perf_counter() - started
    if any(each in answer.lower() for each in (b"_token", b"accesstoken", b"set-cookie: gatepass=", b"\r\nlocation:")):
        raise BenchError(f"{door.path} was answered {answer[:600]!r}")
    return seconds, answer


def cut(samples: Samples) -> Samples:
    """Without the slowest of each."""
    return {kind: sorted(sample)[: len(sample) * (100 - CUT) // 100] for kind, sample in samples.items()}


def largest(samples: Samples) -> tuple[float, str]:
    """The largest |t| between any two kinds, and which two these are."""
    pairs = combinations(samples, 2)
    return max((abs(welch(samples[one], samples[other])), f"{one} / {other}") for one, other in pairs)


def _table(repeats: int, found: Mapping[tuple[str, str], Found]) -> Table:
    rows, told = [], []
    for (door, throttled), each in found.items():
        judged = [largest(cut(each.samples)), largest(each.samples)]
        told += [f"{door}, {throttled}: {pair} ({t:.1f})" for t, pair in judged if t >= TARGET]
        told += [f"{door}, {throttled}: the bytes of {pair}" for pair in sorted(set(each.unlike))]
        medians = [median(sample) * 1000 for sample in each.samples.values()]
        cells = [cell for t, pair in judged for cell in (f"{t:.1f}", pair)]
        rows.append((door, throttled, str(len(medians)), f"{min(medians):.3f} to {max(medians):.3f}", *cells))
    pairs = sum(len([*combinations(each.samples, 2)]) for each in found.values())
    verdict = f"MISSED: {'; '.join(told)}" if told else "met"
    title = f"What a refused login tells by its time and its bytes: {repeats:,} tries each, from {HERE}"
    judged_how = f"Wanted: Welch's |t| under {TARGET} for each of {pairs} pairs, all tries and {CUT} % cut."
    notes = [f"**No two kinds can be told apart: {verdict}.** {judged_how}", *NOTES]
    return Table(title, COLUMNS, rows, notes, failed=bool(told))


NOTES: Final = (
    "In the slowest tries the machine did something else. They hide a difference of the others, so the cut is the "
    "stricter judgement. That of all tries finds what happens seldom and takes long.",
    "Bytes: all kinds of a block get the same answer but for its date, request id and seconds to wait, and for the "
    "name, the user id and the session of who guesses.",
    f"Kinds: {'; '.join(guesses.THROTTLED)}. The last one while throttled alone. Who confirms their own password is "
    f"signed in: no unknown name there, and no disabled one.",
)
