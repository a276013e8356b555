"""`python -m tools.fuzz`: runs every target, two at once, each in processes of its own, and prints a table.

The inputs that reach new code are kept in var/fuzz/<target>/corpus, and the next run begins with them.
"""

import argparse
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from tests.fuzzing import targets
from tools.children import ended_with_parent
from tools.fuzz.results import Result, table

PLACE: Final = Path("var/fuzz")
SLOW_SECONDS: Final = 10
"""An input that takes longer is a finding."""

AT_ONCE: Final = 2
EXAMPLE: Final = """\
examples:
  python -m tools.fuzz --seconds 3600               all targets, an hour in all
  python -m tools.fuzz --seconds 60 --target jwt    one target for a minute

A finding is kept in var/fuzz/<target>/. Run it again with
  python -m tools.fuzz --target jwt --input var/fuzz/jwt/crash-0123..
then copy it to tests/fuzzing/findings/<target>/, so that the suite tries it from now on."""


def main() -> int:
    """Run what the command line asks for. Returns 1 if there is a finding."""
    arguments = _arguments()
    names = arguments.target or targets.names()
    if arguments.input:
        for name in names:
            targets.load(name).check(arguments.input.read_bytes())
        print("no finding")
        return 0
    if find_spec("atheris") is None:
        print("atheris is not installed: run `make fuzz`, or .venv/bin/pip install -e '.[fuzz]'", file=sys.stderr)
        return 2
    results = _run_all(names, arguments.seconds)
    print(table(results))
    for result in results:
        for error, path in result.findings.items():
            print(f"{result.name}: {error}: {path}")
    return int(any(result.findings or result.broken for result in results))


def _arguments() -> argparse.Namespace:
    about = "Fuzz the parsers of Gatepass with coverage guidance (atheris)."
    parser = argparse.ArgumentParser(
        "python -m tools.fuzz", description=about, epilog=EXAMPLE, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=int, default=3600, help="for all targets together (3600)")
    parser.add_argument("--target", action="append", choices=targets.names(), help="only this one; may be repeated")
    parser.add_argument("--input", type=Path, help="run the targets once, on the bytes of this file")
    return parser.parse_args()


def _run_all(names: list[str], seconds: int) -> list[Result]:
    """Each target for its share of the time, two at once."""
    at_once = min(AT_ONCE, len(names))
    share = max(1, seconds * at_once // len(names))
    print(f"{len(names)} targets, {share} s each, {at_once} at once", file=sys.stderr)
    with ThreadPoolExecutor(at_once) as threads:
        return list(threads.map(lambda name: _run(name, share), names))


def _run(name: str, seconds: int) -> Result:
    """Run a target until its time is over. A process ends at a finding; the next goes on with what was learned."""
    result, until = Result(name), time.monotonic() + seconds
    options = _prepare(name)
    while (left := round(until - time.monotonic())) > 0:
        command = [sys.executable, "-m", "tools.fuzz.one_target", name, f"-max_total_time={left}", *options]
        with (PLACE / name / "log").open("w+b") as log:
            subprocess.run(command, stdout=log, stderr=log, timeout=left + 300, preexec_fn=ended_with_parent())
            log.seek(0)
            result.add(log.read().decode(errors="replace"))
        sum_up = f"{result.inputs:,} inputs, {result.edges:,} edges, {len(result.findings)} findings"
        print(f"{name}: {sum_up} {result.broken}", file=sys.stderr, flush=True)
        if result.broken:
            break
    return result


def _prepare(name: str) -> list[str]:
    """Write the target's seeds and words where libFuzzer reads them; libFuzzer's options."""
    target, place = targets.load(name), PLACE / name
    for folder in ("corpus", "seeds"):
        (place / folder).mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(target.SEEDS):
        (place / "seeds" / str(number)).write_bytes(seed)
    words = {"".join(f"\\x{byte:02x}" for byte in word) for word in getattr(target, "WORDS", ()) if word}
    (place / "words").write_text("".join(f'"{word}"\n' for word in sorted(words)))
    longest = getattr(target, "LONGEST", targets.LONGEST)
    return [
        *(f"-max_len={longest}", f"-timeout={SLOW_SECONDS}", "-rss_limit_mb=2048", f"-artifact_prefix={place}/"),
        *("-print_final_stats=1", f"-dict={place}/words", f"{place}/corpus", f"{place}/seeds"),
    ]


if __name__ == "__main__":
    sys.exit(main())
