"""`python -m bench`: which parts are run, in which order, and the place they share."""

import argparse
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from shutil import rmtree

from bench import (
    attack,
    capacity,
    check,
    check_profile,
    connections,
    console,
    flat,
    guarded,
    hashes,
    kinds,
    longest,
    machine,
    memory,
    migration,
    mysql,
    names,
    overhead,
    processor,
    profile,
    purge,
    soak,
    start,
    starve,
    throughput,
    timing,
)
from bench.place import Place
from bench.report import BenchError, Table, clear, say
from tools.private_server import ServerError

PARTS: dict[str, tuple[Callable[[Place], list[Table]], str]] = {
    "hash": (hashes.measure, "libxcrypt, the bcrypt package and PHP's password_verify"),
    "overhead": (overhead.measure, "a login minus its hash, one client"),
    "throughput": (throughput.measure, "eight clients, cost 10 and 12: the bare hash, Gatepass, a PHP page"),
    "cpu": (processor.measure, "processor time a login beside the hash, Gatepass and PHP"),
    "timing": (timing.measure, "unknown user, wrong password, disabled and cheaper rows"),
    "names": (names.measure, "whether a name exists, by time and bytes of its refusal, at every door (ten minutes)"),
    "attack": (attack.measure, "newcomers while guesses from many networks come, and after"),
    "longest": (longest.measure, "the server's own time for the longest names"),
    "memory": (memory.measure, "of a worker after many logins and token checks"),
    "start": (start.measure, "seconds to the first answer"),
    "migration": (migration.measure, "gatepass db migrate on 1,000,000 old tokens"),
    "profile": (profile.measure, "where the milliseconds of a login beside its hash go"),
    "check": (check.measure, "token checks at 1,000,000 sessions: Gatepass, a PHP page, django-rest-knox, Fastify"),
    "mysql": (mysql.measure, "token checks and logins on MySQL beside MariaDB"),
    "nginx": (guarded.measure, "token checks through nginx's auth_request: Gatepass, a PHP page, Fastify"),
    "flat": (flat.measure, "the median check at 10,000 and at 1,000,000 sessions"),
    "starve": (starve.measure, "the checks' 99th percentile while 32 clients log in"),
    "connections": (connections.measure, "connections that an attacker holds, and thousands that are idle"),
    "purge": (purge.measure, "logins while gatepass session purge deletes 1,000,000 rows"),
    "capacity": (capacity.measure, "what `gatepass capacity` counts on, and its sums beside a short run"),
    "checkprofile": (check_profile.measure, "where the microseconds of a token check go"),
    "kinds": (kinds.measure, "minting and checking a token of each kind, and a batch of 50 calls"),
    "console": (console.measure, "the console's pages: server time, a sign-in, bytes"),
    "flat10m": (flat.measure_huge, "as flat, at 10,000,000 sessions; only when named"),
    "soak": (soak.measure, "half an hour at 70 % of capacity with reloads and purges; only when named"),
}
ONLY_NAMED = ("flat10m", "soak")


def main() -> int:
    wanted = _arguments()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell ignores it for its background jobs
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # everything started is stopped then too
    directory = Path(tempfile.mkdtemp(prefix="gatepass-bench-", dir="/tmp"))
    directory.chmod(0o711)  # Apache's children must reach their own directory within
    place, failed = Place(directory, wanted.quick, seconds=wanted.seconds), False
    started, quiet = time.monotonic(), []
    try:
        print(machine.describe(directory).markdown(), flush=True)
        for number, name in enumerate(names := _names(wanted.parts)):
            since, busy = time.monotonic(), machine.busy_share()
            say(f"{name} ({number + 1} of {len(names)}, {since - started:.0f} s so far, {busy:.0%} busy before it)")
            failed |= not _run(name, place)
            quiet.append((name, f"{busy:.0%}", f"{time.monotonic() - since:.0f}"))
        print(_conditions(quiet, time.monotonic() - started, wanted.quick).markdown())
    except KeyboardInterrupt:
        say("stopped")
        return 130
    finally:
        place.close()
        rmtree(directory, ignore_errors=True)
    return int(failed)


def _names(wanted: list[str]) -> list[str]:
    return list(dict.fromkeys(wanted)) or [name for name in PARTS if name not in ONLY_NAMED]


def _arguments() -> argparse.Namespace:
    parts = "\n".join(f"  {name:<13} {about}" for name, (_, about) in PARTS.items())
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description="Measure Gatepass on this machine; tables for bench/results.md go to standard output.",
        epilog=f"parts (default: all but flat10m and soak, an hour and a half):\n{parts}\n\n"
        "example:  python -m bench overhead throughput\n"
        "          python -m bench --quick      a smoke test; its figures mean nothing\n"
        "          python -m bench soak --seconds 300",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("parts", nargs="*", metavar="part", help="run these parts alone")
    parser.add_argument("--quick", action="store_true", help="a few repeats of everything")
    parser.add_argument("--seconds", type=int, default=0, help="how long the soak lasts, in place of 1800")
    wanted = parser.parse_args()
    if unknown := [name for name in wanted.parts if name not in PARTS]:
        parser.error(f"no such part: {', '.join(unknown)}; parts are {', '.join(PARTS)}")
    return wanted


def _conditions(quiet: list[tuple[str, str, str]], seconds: float, quick: bool) -> Table:
    """How far the figures can be believed."""
    note = f"The whole run took {seconds / 60:.1f} minutes{' with --quick: its figures mean nothing' if quick else ''}."
    return Table("Was the machine quiet?", ("part", "busy before it", "seconds"), quiet, [note])


def _run(name: str, place: Place) -> bool:
    """Print the tables of a part; whether it was measured and kept its promises. The other parts run all the same."""
    try:
        tables = PARTS[name][0](place)
    except Exception as error:
        say(f"{name}: {error}" if isinstance(error, (BenchError, ServerError)) else traceback.format_exc())
        print(f"### {name}\n\nnot measured\n")
        return False
    clear()
    for table in tables:
        print(table.markdown(), flush=True)
    return not any(table.failed for table in tables)


if __name__ == "__main__":
    sys.exit(main())
