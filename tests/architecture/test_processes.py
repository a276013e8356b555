"""Tests start servers in the one way that leaves none behind; no test waits for a time."""

import ast
from pathlib import Path

from tests.architecture import source
from tests.conftest import ROOT

TESTS = sorted((ROOT / "tests").rglob("*.py"))
OTHERWISE = {"Popen", "fork", "forkpty", "posix_spawn", "posix_spawnp", "system", "popen"}
OTHERWISE |= {"create_subprocess_exec", "create_subprocess_shell"}
OTHERWISE |= {"spawnl", "spawnle", "spawnlp", "spawnlpe", "spawnv", "spawnve", "spawnvp", "spawnvpe"}
ALLOWED = {
    "tests/processes.py": {"Popen"},
    "tests/server/test_accept_balancing.py": {"fork"},  # which ends at once
}


def called(path: Path) -> set[str]:
    """The last word of every name that is called in the file, or imported from elsewhere."""
    nodes = list(ast.walk(source.tree(path)))
    calls = [node.func for node in nodes if isinstance(node, ast.Call)]
    names = {each.attr for each in calls if isinstance(each, ast.Attribute)}
    names |= {each.id for each in calls if isinstance(each, ast.Name)}
    return names | {alias.name for node in nodes if isinstance(node, ast.ImportFrom) for alias in node.names}


def test_only_one_place_starts_what_a_test_leaves_running() -> None:
    found = {source.name(path): called(path) & OTHERWISE for path in TESTS}
    assert {name: words for name, words in found.items() if words} == ALLOWED, "use tests.processes.start"
    assert not [source.name(path) for path in TESTS if "multiprocessing" in source.imports(path)]


def test_no_test_sleeps_or_measures_time() -> None:
    """Those that may wait for a condition, with a limit that no machine reaches."""
    waiting = {"tests/gunicorns.py", "tests/e2e/faults.py", "tests/db/migrating.py"}
    timing = {"sleep", "monotonic", "perf_counter", "process_time", "wait_for_timeout"}
    assert {source.name(path) for path in TESTS if called(path) & timing} == waiting
