"""What the commands of the cluster share: their options, and how they end."""

import argparse
import signal
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager

from tools import only_one as locks
from tools.cluster.gatepass import ROOT
from tools.private_server import ServerError


def parser(module: str, description: str, epilog: str) -> argparse.ArgumentParser:
    """The parser of `python -m tools.cluster...`. `epilog` is printed as it is written."""
    return argparse.ArgumentParser(
        prog=f"python -m {module}",
        description=description,
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def setting(text: str) -> tuple[str, str]:
    """A setting of Gatepass as it is typed: NAME=VALUE."""
    name, equals, value = text.partition("=")
    if not name or not equals:
        raise argparse.ArgumentTypeError(f"write NAME=VALUE, not {text!r}")
    return name, value


def run(do: Callable[[], int]) -> int:
    """Do it; the exit code. SIGINT and SIGTERM end it in order. (A shell ignores SIGINT for its background jobs.)"""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    try:
        return do()
    except KeyboardInterrupt:
        say("\nstopped")
        return 130
    except ServerError as error:
        say(str(error))
        return 1


def say(text: str) -> None:
    """Progress goes to standard error: results alone are printed on standard output."""
    print(text, file=sys.stderr, flush=True)


def only_one() -> AbstractContextManager[None]:
    """Allow one cluster for each checkout. Raises ServerError."""
    return locks.only_one(ROOT / "var" / "cluster.lock", "a cluster is already running in this checkout")
