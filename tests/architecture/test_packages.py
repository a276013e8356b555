"""Architecture tests: what each package of v1 keeps true, by reading the source."""

import ast
import re
from pathlib import Path

import pytest

from tests.architecture import source
from tests.conftest import ROOT
from tests.doors import every_door
from tests.doors.contract import DoorContract
from v1.doors import DOORS, ops

DOOR_MODULES = [path for path in source.MODULES if source.name(path).startswith("v1/doors/")]
CONSOLE = {source.name(path) for path in DOOR_MODULES if path.parent.name == "console"}
"""The console is a door, and a package of v1/doors."""

CHECKS = {"v1/server/request/plain_check.py", "v1/server/worker/check_loop.py"}
"""The files that hand a request of the check loop to its door, and so to the guard."""

GUARD = {source.name(path) for path in source.MODULES if source.name(path).startswith("v1/auth/guard/")}
"""The only files that read what a request presents and where it comes from."""

SQL = re.compile(r"\b(SELECT|INSERT INTO|REPLACE INTO|UPDATE \w+ SET|DELETE FROM|(ALTER|CREATE|DROP) TABLE)\b")


def test_no_python_file_of_the_service_holds_sql() -> None:
    assert [
        (source.name(path), text) for path in source.MODULES for text in source.strings(path) if SQL.search(text)
    ] == []


def test_only_the_connection_knows_the_driver() -> None:
    assert source.importers("pymysql") == {"v1/db/connection.py"}


LAYERS = (
    {"capacity", "errors", "kinds", "records", "resources"},
    {"wire"},
    {"settings", "observe"},
    {"db", "passwords"},
    {"tokens"},
    {"auth"},
    {"doors", "cli"},
    {"server"},
    {""},
    {"wsgi"},
    {"program"},
)
"""The packages of v1 from the lowest up; "" is v1/__init__.py. Each may import those below it and itself."""

RANK = {package: rank for rank, layer in enumerate(LAYERS) for package in layer}


def packages_used(path: Path) -> set[str]:
    """The packages of v1 that the module imports from, without its own."""
    named = {each.split(".")[1] for each in source.imports(path) if each.startswith("v1.")}
    return named & set(RANK) - {source.package(path)}


def test_imports_go_down_and_never_between_neighbours() -> None:
    ranks = [(source.name(path), RANK[source.package(path)], packages_used(path)) for path in source.MODULES]
    assert [(name, each) for name, own, used in ranks for each in used if RANK[each] >= own] == []


def test_every_package_has_its_place_and_is_said_in_the_first_module() -> None:
    packages = {source.package(path) for path in source.MODULES}
    assert packages == set(RANK)
    docstring = ast.get_docstring(source.tree(ROOT / "v1/__init__.py")) or ""
    assert [each for each in packages - {""} if not re.search(rf"^ *{each}\b", docstring, re.MULTILINE)] == []


def test_only_the_tables_and_the_migrations_run_statements() -> None:
    tables = {source.name(path) for path in source.MODULES if path.parent.name == "tables"}
    assert source.importers("v1.db.pool") <= {"v1/auth/core.py"} | tables
    commands = {f"v1/cli/{name}.py" for name in ("command", "users", "db", "progress")}
    errors_and_types = {"v1/db/migrations.py", "v1/db/readiness.py"} | commands
    assert source.importers("v1.db.connection") - errors_and_types == {
        "v1/db/connections.py",
        "v1/db/host_health.py",
        "v1/db/host_watch.py",
        "v1/db/pool.py",
        "v1/db/prepared_check.py",
        "v1/db/unpooled.py",
    }
    assert source.importers("v1.db.unpooled") == {"v1/cli/db.py", "v1/cli/progress.py", "v1/db/readiness.py"}


def test_the_core_knows_no_web_framework() -> None:
    frameworks = {"flask", "werkzeug", "gunicorn", "click"}
    used = {source.name(path): {each.split(".")[0] for each in source.imports(path)} for path in source.CORE}
    assert {name: found & frameworks for name, found in used.items() if found & frameworks} == {}


def test_doors_reach_tables_only_through_functions_of_auth_and_tokens() -> None:
    assert source.importers("v1.db") & {source.name(path) for path in DOOR_MODULES} == {"v1/doors/ops.py"}
    assert {each for each in source.imports(ROOT / "v1/doors/ops.py") if each.startswith("v1.db.")} == {
        "v1.db.readiness"
    }
    assert not naming("tables") & {source.name(path) for path in DOOR_MODULES}
    assert len(CONSOLE) > 5 and CONSOLE < {source.name(path) for path in DOOR_MODULES}


def test_only_the_settings_are_given_the_environment() -> None:
    readers = {source.name(path) for path in source.MODULES if re.search(r"\benviron\b", path.read_text())}
    # The others mean WSGI's environ, which they hand to the guard.
    doors = {source.name(path) for path in DOOR_MODULES}
    programs = {"v1/__init__.py", "v1/wsgi.py", "v1/program.py"}
    assert readers <= {"v1/settings/__init__.py"} | programs | GUARD | CHECKS | doors
    # Thread priorities, the name of who runs a command, running gunicorn, and room on a disk.
    own = {"v1/program.py", "v1/passwords/hashing_threads.py", "v1/cli/audit.py", "v1/cli/serve.py"}
    own |= {"v1/observe/metric_files.py", "v1/observe/worker_numbers.py"}
    assert source.importers("os") == {"v1/wsgi.py"} | own
    using = [path for path in source.MODULES if re.search(r"\bos\.(environ|getenv)", path.read_text())]
    assert [source.name(path) for path in using] == ["v1/program.py", "v1/wsgi.py"]  # which hand it to the settings


def naming(words: str) -> set[str]:
    """The modules in which a string that is no prose, or the name of an attribute, is wholly one of these words."""
    pattern = re.compile(words, re.IGNORECASE)
    return {
        source.name(path)
        for path in source.MODULES
        for node in ast.walk(source.tree(path))
        if isinstance(node, ast.Attribute) and pattern.fullmatch(node.attr)
    } | {source.name(path) for path in source.MODULES if any(map(pattern.fullmatch, source.strings(path)))}


def test_only_the_guard_looks_at_who_is_calling() -> None:
    words = re.compile(r"authorization|remote_addr|x.forwarded.for", re.IGNORECASE)
    found = {source.name(path) for path in source.MODULES for text in source.strings(path) if words.search(text)}
    # The envelope's words for a person, the list of settings and an example name the header; nothing there reads it.
    messages = {"v1/doors/mobile/envelope.py", "v1/doors/rfc/rfc6749.py", "v1/doors/console/token_example.py"}
    assert found | naming(words.pattern) <= GUARD | CHECKS | messages


def test_only_the_guard_reads_a_cookie_and_only_the_console_has_one() -> None:
    assert naming("cookies|http.cookie") == {"v1/auth/guard/browser.py"}
    # Its name, and setting it. The table of kinds says that a session is presented in it.
    assert naming("cookie|set_cookie|delete_cookie") <= CONSOLE | {"v1/kinds.py"}
    others = [path for path in source.MODULES if path.name != "kinds.py"]
    assert not {text for path in others for text in source.strings(path)} & {"Cookie", "cookie", "Set-Cookie"}
    assert not source.importers("http.cookies") | source.importers("werkzeug.http")


def test_only_the_guard_says_whether_a_form_is_of_a_page_of_ours() -> None:
    reading = {"v1/auth/guard/browser.py", "v1/auth/guard/local_programs.py"}
    assert naming(r"(http.)?(origin|sec.fetch.\w+)") == reading
    asking = {source.name(path) for path in DOOR_MODULES if "guard.is_same_origin(" in path.read_text()}
    assert asking == {"v1/doors/console/visits.py"}


def test_only_tokens_mints_and_digests() -> None:
    assert source.importers("secrets") == {"v1/tokens/text.py"}
    # The throttle digests names that no user has. The console names SHA-256 to itsdangerous, which signs its notices.
    others = {"v1/auth/throttle.py", "v1/doors/console/cookies.py"}
    assert source.importers("hashlib") == {"v1/tokens/text.py"} | others


def test_only_login_and_the_accounts_touch_passwords() -> None:
    users = {
        source.name(path) for path in source.MODULES if re.search(r"\bpasswords\.(check|hash)\(", path.read_text())
    }
    assert users == {"v1/auth/credentials.py", "v1/auth/login.py", "v1/auth/accounts.py"}


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_a_door_has_its_fixed_names(door) -> None:
    for name in ("PREFIXES", "blueprint", "read", "answer", "refuse"):
        assert hasattr(door, name), name
    assert door.PREFIXES or door.PATHS


def test_every_door_is_held_to_what_all_of_them_promise() -> None:
    named = {prefix: door for door in DOORS for prefix in door.PREFIXES}
    found = {each.prefix for each in every_door.doors(DoorContract)}
    nearest = {max((each for each in named if f"{prefix}/".startswith(f"{each}/")), key=len) for prefix in found}
    pre_flask = [door for door in DOORS if not door.PREFIXES]
    assert {named[each] for each in nearest} >= set(DOORS) - {ops, *pre_flask}
    for door in pre_flask:
        assert [each for each in found - set(named) if door.PATHS[0].startswith(f"{each}/")], door


def test_a_module_says_what_it_is_and_stays_small() -> None:
    assert [source.name(path) for path in source.MODULES if len(path.read_text().splitlines()) > 170] == []
    assert [source.name(path) for path in source.MODULES if not ast.get_docstring(source.tree(path))] == []


def test_a_function_stays_small_and_a_public_one_says_what_it_does() -> None:
    found = [(source.name(path), each) for path in source.MODULES for each in source.functions(path)]
    assert [(file, each.name) for file, each in found if (each.end_lineno or 0) - each.lineno >= 40] == []
    public = [(file, each) for file, each in found if each.col_offset == 0 and not each.name.startswith("_")]
    assert [(file, each.name) for file, each in public if not ast.get_docstring(each)] == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    vague = {"utils", "util", "helpers", "common", "manager", "base", "misc"}
    assert not [path for path in source.MODULES if path.stem in vague]


def test_the_top_level_is_the_one_the_readers_know() -> None:
    allowed = {"README.md", "CHANGELOG.md", "SECURITY.md", "CONTRIBUTING.md"}
    allowed |= {"Makefile", "pyproject.toml", "setup.cfg", "wsgi.py", "Containerfile", "compose.yaml"}
    allowed |= {"v1", "config", "sql", "tests", "tools", "bench", "docs", "var", "build", "gatepass.egg-info"}
    allowed |= {"secrets"}  # which compose.yaml reads and git ignores
    assert {path.name for path in ROOT.iterdir() if not path.name.startswith(".")} - {"__pycache__"} <= allowed
