"""Connections that an attacker holds: what a client that behaves well feels of them, without nginx in front."""

from dataclasses import dataclass
from statistics import median

from bench.caller import get
from bench.crowd import Attack, Crowd, Visitor, visited
from bench.idle import many_idle
from bench.place import CHECK, Place, workers_of
from bench.report import Table, ms, progress
from bench.sessions import filled, text

ROWS = 10_000
WANTED = 0.1
"""Seconds."""

HEAD = b"GET /healthz HTTP/1.1\r\nHost: a\r\n"
HEALTH = HEAD + b"\r\n"
LARGE = b"GET /openapi.json HTTP/1.1\r\nHost: a\r\n\r\n"
FORM = b"POST /v1/oauth/ HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n"
UNBROUGHT = b"GET /v1/verify/ HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n"

LASTING = (
    Attack("send nothing", 200),
    Attack("send a byte of the head each 8 s", 50, HEAD + b"X-Slow: ", b"a"),
    Attack("send a head, and a byte of the body each 8 s", 50, FORM + b"Content-Length: 400\r\n\r\n", b"a"),
    Attack("send half a head and stop", 200, HEAD),
    Attack("send half a body and stop", 200, FORM + b"Content-Length: 400\r\n\r\n" + b"a" * 200),
)
"""These are watched for so long that a limit of ten seconds for each request would show."""

NOBODY = Attack("do not come", 0)
BEYOND = Attack("send nothing, more than two workers hold", 2400)
CROWDED = Attack("ask once and stay, 256 open files a process", 600, HEALTH)

OTHERS = (
    Attack("announce a body and send none", 200, UNBROUGHT),
    Attack("have their answer (HTTP/1.0), never hang up", 200, HEALTH.replace(b"1.1", b"1.0")),
    Attack("ask 400 times at once, never read", 50, HEALTH * 400),
    Attack("ask for 40 large answers at once, never read", 50, LARGE * 40),
    Attack("send a head of 4,000 fields that are dropped", 200, HEAD + b"a_:\r\n" * 4000 + b"\r\n"),
    CROWDED,
    BEYOND,
)
FEW_FILES = ("prlimit", "--nofile=256")


@dataclass(frozen=True)
class Felt:
    """What an attack did to new connections that ask for /healthz and for a check, and when its own were ended."""

    attack: Attack
    seconds: int
    ended: list[float]
    health: Visitor
    check: Visitor

    @property
    def worst(self) -> float:
        return max(self.health.worst, self.check.worst)


def measure(place: Place) -> list[Table]:
    """Each attack on a service of its own, started for it alone; then many connections that are idle."""
    long, short = place.repeats(25, 9), place.repeats(6, 2)
    database = filled(place, ROWS)
    found = []
    for attack in (NOBODY, *LASTING, *OTHERS):
        seconds = long if attack in (*LASTING, BEYOND) else short
        found.append(_felt(place, database, attack, seconds))
    return [_table(found), *many_idle(place, database, ROWS)]


def _felt(place: Place, database: str, attack: Attack, seconds: int) -> Felt:
    progress(f"connections: {attack.count} that {attack.name}")
    by = FEW_FILES if attack is CROWDED else ()
    with place.gatepass(by=by, database=database) as (page, pid):
        workers_of(pid, 2)
        health, check = Visitor(page.port, HEALTH), Visitor(page.port, get(CHECK, text(2)))
        with Crowd(page.port, attack) as crowd:
            visited([health, check], seconds, crowd.close)
        return Felt(attack, seconds, sorted(crowd.ended), health, check)


def _table(found: list[Felt]) -> Table:
    columns = ("connections that", "how many", "for s", "/healthz ms", "worst", "a check ms", "worst ", "wanted")
    late = [f"{felt.attack.name} ({ms(felt.worst)} ms)" for felt in found[1 : len(LASTING) + 1] if felt.worst > WANTED]
    met = f"MISSED: {', '.join(late)}" if late else "met"
    notes = [f"**Beside the first {len(LASTING)} attacks every answer comes within {WANTED * 1000:.0f} ms: {met}.**"]
    notes.append("Each request is a new connection's. `+`: it was answered only when the attack was over.")
    failed = [f"{felt.attack.name}: {one}" for felt in found for one in (*felt.health.failed, *felt.check.failed)]
    if failed:
        notes.append(f"Not answered at all: {'; '.join(failed[:5])} ({len(failed)} in all).")
    title = "Connections that an attacker holds, without nginx, and what others feel"
    return Table(title, (*columns, "ended after s", "open at the end"), [_row(felt) for felt in found], notes)


def _row(felt: Felt) -> tuple[str, ...]:
    ended, count = felt.ended, felt.attack.count
    when = f"{ended[0]:.1f} to {ended[-1]:.1f}" if ended else ""
    felt_by = [cell for visitor in (felt.health, felt.check) for cell in _waits(visitor)]
    wanted = f"{WANTED * 1000:.0f}" if felt.attack in LASTING else ""
    return (felt.attack.name, str(count), str(felt.seconds), *felt_by, wanted, when, str(count - len(ended)))


def _waits(visitor: Visitor) -> tuple[str, str]:
    """The median and the longest wait."""
    if not visitor.waits:
        return "", ""
    return ms(median(visitor.waits)), ms(visitor.worst) + "+" * visitor.held
