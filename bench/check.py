"""The rate of token checks on a million live sessions: Gatepass, a PHP page, django-rest-knox, Fastify."""

from collections.abc import Sequence
from statistics import median

from bench.contestants import FASTIFY, FRESH, KEPT, KNOX, PHP, STALE, Contestant, Round, contestants, run_round
from bench.place import Place
from bench.report import Table, ms, progress, verdict
from bench.sessions import MILLION
from bench.throughput import ratio, ratios
from bench.turns import SCATTER, quartiles

TARGETS = {
    8: {PHP: 2.5, KEPT: 2.5, KNOX: 12.0, FASTIFY: 0.7},
    32: {PHP: 4.0, KEPT: 4.0, KNOX: 15.0, FASTIFY: 1.1},
}
"""By the number of clients."""

COLUMNS = (
    "what",
    "median a second",
    "rounds",
    "first row to it",
    "median ms",
    "99 % ms",
    "own processor ms",
    "MariaDB's ms",
)

Taken = dict[str, list[Round]]


def measure(place: Place) -> list[Table]:
    """All contestants at 8 and at 32 clients; every ratio is taken within a round."""
    rows, seconds, rounds = place.repeats(MILLION, 20_000), place.repeats(6, 1), place.repeats(5, 2)
    with contestants(place, rows) as (found, notes):
        taken = in_rounds(place, found, tuple(TARGETS), rounds, seconds)
    how = f"{rows:,} live sessions, random tokens ({rounds} rounds of {seconds} s)"
    return [_table(clients, how, rates, notes) for clients, rates in taken.items()]


def in_rounds(
    place: Place, found: dict[str, Contestant], counts: Sequence[int], rounds: int, seconds: int
) -> dict[int, Taken]:
    """Rounds of all contestants, the order turned by one each round, for each number of clients."""
    for name, contestant in found.items():
        progress(f"warming up: {name}")  # for seconds: Node compiles what runs often
        run_round(place, contestant, max(counts), place.repeats(5, 1))
    taken: dict[int, Taken] = {clients: {name: [] for name in found} for clients in counts}
    for number in range(rounds):
        first = number % len(found)
        for clients, rates in taken.items():
            for name in [*found][first:] + [*found][:first]:
                progress(f"round {number + 1} of {rounds}, {clients} clients: {name}")
                found[name].prepare()
                rates[name].append(run_round(place, found[name], clients, seconds))
    return taken


def _table(clients: int, how: str, taken: Taken, absent: list[str]) -> Table:
    rates = {name: [one.checks.rate for one in found] for name, found in taken.items()}
    shares = {name: " ".join(f"{one.busiest:.0%}" for one in found) for name, found in taken.items()}
    rows = [(name, *cells(taken, name), shares[name]) for name in taken]
    targets = {name: target for name, target in TARGETS[clients].items() if name in rates}
    notes = [judged(rates, ours, other, target) for ours in (STALE, FRESH) for other, target in targets.items()]
    notes += [_by_processor(taken, targets) + " Every answer was 200, else there is no table.", *absent]
    notes.append("Processor time is that of a check; the last column is the busiest process's part of it, by rounds.")
    return Table(f"Token checks: {clients} clients, keep-alive, {how}", (*COLUMNS, "busiest process"), rows, notes)


def cells(taken: Taken, name: str) -> list[str]:
    """The columns of a contestant; its rate is compared with that of the first one."""
    (first, one), found = next(iter(taken.items())), taken[name]
    rates = [each.checks.rate for each in found]
    to_it = "" if name == first else ratio([each.checks.rate for each in one], rates)
    waits = [ms(median(each.checks.median for each in found)), ms(median(each.checks.high for each in found))]
    spent = [f"{median(each.own for each in found) * 1000:.3f}", f"{median(each.mariadb for each in found) * 1000:.3f}"]
    return [f"{median(rates):.0f}", f"{min(rates):.0f} to {max(rates):.0f}", to_it, *waits, *spent]


def _by_processor(taken: Taken, targets: dict[str, float]) -> str:
    """With all cores busy this decides, and other load on the machine changes it less than the rates."""
    spent = {name: median(one.own + one.mariadb for one in found) for name, found in taken.items()}
    others = [f"{spent[other] / spent[STALE]:.2f} of: {other} (target {target})" for other, target in targets.items()]
    return f"By processor time, MariaDB's included, the first row would do {'; '.join(others)}."


def judged(rates: dict[str, list[float]], ours: str, other: str, target: float) -> str:
    """A sentence on the median of the rounds' ratios, which should not be below the target."""
    found = ratios(rates[ours], rates[other])
    middle, (low, high) = median(found), quartiles(found)
    met = verdict(middle >= target, (high - low) / middle if low <= target <= high else 0, SCATTER)
    return f"**{ours}: {middle:.2f} of: {other}** (quartiles {low:.2f}, {high:.2f}); target {target}: {met}."
