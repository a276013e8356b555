"""`python -m tools.release.audit`: known vulnerabilities of the deployment's packages, by pip-audit.

Exit code 0: each package was looked up and has none. 1: some have. 3: some could not be looked up, so nobody knows.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[2]
LOCKED: Final = "config/requirements.txt"
CLEAN, VULNERABLE, UNKNOWN = 0, 1, 3
_OPTIONS: Final = ("--require-hashes", "--disable-pip", "--progress-spinner=off", "--timeout=15", "--format=json")


def verdict(dependencies: Sequence[dict[str, Any]]) -> tuple[int, list[str]]:
    """The exit code and the lines for people, of what pip-audit found out about each package."""
    skipped = [each for each in dependencies if "skip_reason" in each]
    found = [(each, known) for each in dependencies for known in each.get("vulns", ())]
    lines = [_line(each, known) for each, known in found]
    lines += [f"NOT AUDITED: {each['name']}: {each['skip_reason']}" for each in skipped]
    looked = len(dependencies) - len(skipped)
    lines += [f"{looked} of {len(dependencies)} packages were looked up; known vulnerabilities: {len(found)}"]
    if skipped or not dependencies:
        lines += ["this is no clean result: run it again where PyPI's advisories can be reached"]
    return VULNERABLE if found else UNKNOWN if skipped or not dependencies else CLEAN, lines


def _line(package: dict[str, Any], known: dict[str, Any]) -> str:
    versions = ", ".join(known["fix_versions"]) or "no version yet"
    return f"VULNERABLE: {package['name']} {package['version']}: {known['id']}, mended in {versions}"


def main(program: str) -> None:
    """Ask pip-audit, which reads the advisories of PyPI."""
    command = [program, *_OPTIONS, "--requirement", str(ROOT / LOCKED)]
    done = subprocess.run(command, capture_output=True, text=True)
    try:
        found = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        print(f"NOT AUDITED: pip-audit could not ask: {last[:300]}", file=sys.stderr)
        raise SystemExit(UNKNOWN) from None
    code, lines = verdict(found)
    print("\n".join(lines))
    raise SystemExit(code)


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        print("Example:  make audit    (or: python -m tools.release.audit PIP-AUDIT, where that program is)")
        raise SystemExit(0 if "--help" in sys.argv else 2)
    main(sys.argv[1])
