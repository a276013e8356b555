"""What the samples of a soak say: did anything grow, and was anything answered wrongly?"""

import math
from collections.abc import Callable, Sequence
from statistics import fmean, linear_regression
from typing import TYPE_CHECKING, Final

from bench.report import Table, ms
from bench.soak_samples import Held, Sample
from bench.stats import percentile

if TYPE_CHECKING:
    from bench.soak import Soak

MOST: Final = 0.02
"""By how much memory may grow, as a share."""

FEW: Final = 1.0
"""By how many files, threads and connections the trend may grow: what one peak of requests opens, a pool keeps."""

Points = Sequence[tuple[float, float]]


def grown(points: Points) -> float:
    """By how much the straight line through the points rises from the first to the last, in their own unit."""
    if len(points) < 2:
        return 0.0
    times, values = zip(*points, strict=True)
    return float(linear_regression(times, values).slope * (times[-1] - times[0]))


def generations(soak: "Soak") -> dict[float, list[int]]:
    """The workers by when they were started, the oldest first."""
    found: dict[float, list[int]] = {}
    for worker, born in soak.born.items():
        found.setdefault(born, []).append(worker)
    return dict(sorted(found.items()))


def last_two_thirds(samples: Sequence[Sample], begin: float, end: float) -> list[Sample]:
    return [sample for sample in samples if begin + (end - begin) / 3 <= sample.at <= end]


def of_workers(samples: Sequence[Sample], workers: Sequence[int], what: Callable[[Held], float]) -> Points:
    """The sum over these workers, of the samples in which all of them live."""
    living = [sample for sample in samples if set(workers) <= set(sample.workers)]
    return [(sample.at, sum(what(sample.workers[worker]) for worker in workers)) for sample in living]


def by_generation(soak: "Soak") -> Points:
    """The memory of each generation at the same age, as late as all of them came to: number and MiB.

    The first is left out: it also had the load without pauses.
    """
    found = list(generations(soak).items())[1:]
    series = [[(at - born, mib) for at, mib in of_workers(soak.samples, group, _rss)] for born, group in found]
    series = [each for each in series if each]
    age = min((each[-1][0] for each in series), default=0.0)
    return [(number, min(each, key=lambda point: abs(point[0] - age))[1]) for number, each in enumerate(series)]


def _rss(held: Held) -> float:
    return held.rss


def tables(soak: "Soak", share: float) -> list[Table]:
    """What grew, what was answered, and the verdict."""
    judged = _judged(soak)
    rows = [_row(name, points, limit) for name, points, limit in judged]
    broken = [f"{name} grew" for name, points, limit in judged if grown(points) > limit(points)]
    broken += [f"{number} {what}" for what, number in soak.load.errors.items()]
    broken += [f"{len(soak.logged)} lines of the log tell of errors"] if soak.logged else []
    rate = soak.load.done() / soak.seconds
    broken += ["it did not keep up"] if rate < 0.98 * share * soak.capacity else []
    verdict = f"MISSED: {'; '.join(broken)}" if broken else "met"
    notes = [
        f"**Nothing grows and nothing fails: {verdict}.** {len(soak.reloads)} reloads (SIGHUP), {len(soak.purges)} "
        f"purges, {rate:.0f} requests a second, {share:.0%} of the {soak.capacity:.0f} without pauses.",
        *HOW,
        *(f"Error: `{each}`" for each in [*soak.load.examples, *soak.logged[:5]]),
    ]
    columns = ("what", "first", "last", "grew by", "at most")
    title = f"Soak: {soak.seconds / 60:.0f} minutes, a sample each {soak.samples[1].at - soak.samples[0].at:.0f} s"
    return [Table(title, columns, rows, notes, failed=bool(broken)), _answers(soak), _over_time(soak)]


def _judged(soak: "Soak") -> list[tuple[str, Points, Callable[[Points], float]]]:
    """What may not grow: its name, its points, and by how much their line may rise."""
    workers, end = [*soak.samples[-1].workers], soak.samples[-1].at
    born = max(soak.born[worker] for worker in workers)
    last, whole = last_two_thirds(soak.samples, born, end), last_two_thirds(soak.samples, 0, end)
    return [
        ("the last generation's memory, RSS MiB", of_workers(last, workers, _rss), _share),
        ("memory from generation to generation, RSS MiB", by_generation(soak), _share),
        ("the first process, RSS MiB", [(each.at, each.master.rss) for each in whole], _share),
        ("MariaDB, MiB by its own count", [(each.at, each.used) for each in whole], _share),
        ("MariaDB, RSS MiB", [(each.at, each.mariadb.rss) for each in whole], _any),
        ("open files of the last generation", of_workers(last, workers, lambda held: held.files), _few),
        ("its sockets", of_workers(last, workers, lambda held: held.sockets), _few),
        ("its threads", of_workers(last, workers, lambda held: held.threads), _few),
        ("open files of the first process", [(each.at, each.master.files) for each in whole], _few),
        ("open files of MariaDB", [(each.at, each.mariadb.files) for each in last], _few),
        ("connections, as MariaDB counts them", [(each.at, each.connections) for each in last], _few),
        ("files of /metrics, KiB", [(each.at, each.kept) for each in whole], _share),
        ("logins that wait for a hash", [(each.at, each.gauges["gatepass_hash_waiting"]) for each in last], _few),
        ("database errors", [(each.at, each.gauges["gatepass_database_errors_total"]) for each in whole], lambda _: 0),
    ]


def _share(points: Points) -> float:
    return MOST * fmean(value for _, value in points) if points else 0.0


def _any(points: Points) -> float:
    """No limit: what the allocator of another program keeps is not ours to judge."""
    return math.inf


def _few(points: Points) -> float:
    return max(FEW, _share(points))


def _row(name: str, points: Points, limit: Callable[[Points], float]) -> tuple[str, ...]:
    if not points:
        return (name, "", "", "not seen", "")
    first, last, most = points[0][1], points[-1][1], limit(points)
    return (name, f"{first:.1f}", f"{last:.1f}", f"{grown(points):+.2f}", f"{most:.2f}" if math.isfinite(most) else "")


def _answers(soak: "Soak") -> Table:
    rows = []
    for kind, waits in soak.load.waits.items():
        spread = (ms(percentile(waits, share)) for share in (50, 99, 100))
        rows.append((kind, f"{len(waits):,}", *spread))
    notes = ["From when the request fell due until its answer: what waited for an earlier one is counted as slow."]
    return Table("Soak: what was answered", ("what", "number", "median ms", "99 % ms", "slowest ms"), rows, notes)


def _over_time(soak: "Soak") -> Table:
    """Twenty moments of the run."""
    rows = []
    for sample in soak.samples[:: max(1, len(soak.samples) // 20)]:
        rss, pss = (sum(getattr(each, what) for each in sample.workers.values()) for what in ("rss", "pss"))
        files, threads = (sum(getattr(each, what) for each in sample.workers.values()) for what in ("files", "threads"))
        memory = (f"{each:.1f}" for each in (rss, pss, sample.master.rss, sample.mariadb.rss))
        counted = (str(each) for each in (len(sample.workers), files, threads, sample.connections))
        rows.append((f"{sample.at:.0f}", *memory, *counted, f"{sample.kept:.0f}", f"{sample.scrape_ms:.1f}"))
    memory_columns = ("workers' RSS MiB", "PSS", "first process", "MariaDB")
    columns = ("s", *memory_columns, "workers", "files", "threads", "connections", "/metrics KiB", "its ms")
    return Table("Soak: over time", columns, rows)


HOW: Final = (
    "Growth is that of the straight line through the samples: of workers over the last two thirds of the last "
    "generation's life, of the rest over the last two thirds of the run. Memory may grow by 2 %. From generation to "
    "generation: RSS at the same age, without the first generation, which also had the load without pauses.",
    "Once in each generation the load was held, and a table was locked for 1.5 s while 64 clients asked, so that every "
    "thread and every connection of the pools was used: what rises after that is no pool that fills. MariaDB's buffer "
    "pool is full before. Its RSS is told and not judged: its allocator keeps what each of 50 threads once needed.",
)
