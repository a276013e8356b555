"""Runs one target in this process, which libFuzzer ends: `python -m tools.fuzz.one_target NAME OPTION.. FOLDER..`."""

import sys
import traceback
from collections.abc import Callable
from types import ModuleType
from typing import Any

import atheris  # type: ignore[import-untyped,unused-ignore]

INSTRUMENTED = ["v1", "gunicorn.http", "tests.fuzzing"]
"""Packages whose branches count as coverage."""


class Silent:
    """In place of standard error, for the log of the service: libFuzzer reports there, and not by way of Python."""

    def write(self, text: str) -> None:
        """Forget it."""

    def flush(self) -> None:
        """Nothing is kept."""


def reporting(check: Callable[[bytes], None]) -> Callable[[bytes], None]:
    """The same function, which writes the traceback of a finding to standard output."""

    def run(data: bytes) -> None:
        try:
            check(data)
        except BaseException:
            print("FINDING " + repr(data)[:2000], traceback.format_exc(), sep="\n", flush=True)
            raise

    return run


def main(name: str, options: list[str]) -> None:
    """Import the target with its branches counted, and hand it to libFuzzer."""
    with atheris.instrument_imports(include=INSTRUMENTED):
        target: ModuleType = __import__(f"tests.fuzzing.targets.{name}", fromlist=["check"])
    atheris.Setup([sys.argv[0], *options], reporting(target.check))
    silent: Any = Silent()
    sys.stderr = silent
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
