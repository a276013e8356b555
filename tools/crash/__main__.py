"""`python -m tools.crash`: kills and faults under load; counts broken promises, and prints a table."""

import argparse
import random
import secrets
import sys
from collections.abc import Iterator
from functools import partial
from typing import Final

from tools import engines
from tools.cluster import command
from tools.cluster.command import say
from tools.cluster.gatepass import ROOT
from tools.cluster.load import Load
from tools.crash import faults, kills, machine, results
from tools.crash.results import Result

EXAMPLES: Final = """
faults:
  kill                 kill -9 of the database, of a worker and of gunicorn's master, in turns
{faults}

examples:
  python -m tools.crash --rounds 10 --fault kill
  python -m tools.crash --fault full-disk --fault no-reader
  python -m tools.crash > table.md     # all of them, 100 kills, as root; `make crash`
"""


def main() -> int:
    return command.run(partial(crash, _arguments()))


def crash(arguments: argparse.Namespace) -> int:
    """Bring about what was asked for, and print the table, also if it is interrupted; 2 for a broken promise."""
    found = list[Result]()
    engine = engines.chosen()
    say(f"{engine.name} {engine.version()}, --seed {arguments.seed}")
    try:
        with command.only_one():
            for result in _results(arguments):
                found.append(result)
                say(result.line())
                for example in result.examples:
                    say(f"  {example}")
    finally:
        print(results.table(found))
    return 0 if all(result.kept for result in found) else 2


def _results(arguments: argparse.Namespace) -> Iterator[Result]:
    names = arguments.fault or ["kill", *faults.FAULTS]
    if "kill" in names:
        yield from _kills(arguments.rounds, arguments.seed)
    for name in names:
        if name != "kill":
            yield from faults.happened(name)


def _kills(times: int, seed: int) -> Iterator[Result]:
    loads = list[Load]()
    with machine.running(ROOT / "var" / "crash") as running:
        for result, load in kills.rounds(running, random.Random(seed), times):
            loads.append(load)
            yield result
        yield kills.asked_again(running, loads)


def _arguments() -> argparse.Namespace:
    lines = "\n".join(f"  {name:20} {fault.about}" for name, fault in faults.FAULTS.items())
    about = "Kill Gatepass and its database (ENGINE=mysql: MySQL) under the load of 16 clients; break their machine."
    parser = command.parser("tools.crash", about, EXAMPLES.format(faults=lines))
    parser.add_argument(
        "--fault", action="append", choices=["kill", *faults.FAULTS], metavar="NAME", help="may be repeated"
    )
    parser.add_argument("--rounds", type=int, default=100, help="how many kills (default: 100)")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6), help="of the moments (default: random)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
