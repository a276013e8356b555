"""The wheel: all its files travel, and `gatepass` serves from it where there is no clone."""

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

from tests import processes, secrecy
from tests.conftest import ROOT, environment
from tests.e2e import checkout
from tests.e2e.faults import until
from tests.ports import free_port
from tools.private_server import Server

BESIDE = {"config": ["gunicorn.conf.py"], "docs": ["openapi.json"], "sql": ["*.sql", "*/*.sql"]}
"""What the wheel carries of the folders beside v1/."""

FOR_MAKING = ("babel.cfg", "messages.po", "openapi.json")
"""How the names of files of v1/ end that make others and are not read at run time."""

ORIGINS = """
import sys, v1.wsgi, v1.program
print(v1.__file__)
print(*[each.__file__ for name, each in sorted(sys.modules.items()) if name.split(".")[0] == "v1"], sep="\\n")
"""


@dataclass(frozen=True)
class Installed:
    """The wheel in a virtual environment of its own, and the folder that its programs are run in."""

    environment: Path
    folder: Path

    def run(self, program: str, *words: str, environ: dict[str, str] | None = None, stdin: str = "") -> str:
        """What a program of the environment prints. It knows PATH and `environ`, and nothing of the clone."""
        command = [str(self.environment / "bin" / program), *words]
        given = {"PATH": os.environ["PATH"], **(environ or {})}
        done = subprocess.run(command, cwd=self.folder, env=given, input=stdin, capture_output=True, text=True)
        secrecy.examine(done.stderr, f"{program} {' '.join(words[:2])}")
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of the clone: a `build/` that lies in the clone would travel too."""
    place = tmp_path_factory.mktemp("wheel")
    checkout.copy_files(place / "source")
    options = ["--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", str(place)]
    subprocess.run([sys.executable, "-m", "pip", "wheel", *options, str(place / "source")], check=True)
    (built,) = place.glob("gatepass-*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The wheel as pip installs it. Other packages are borrowed from the environment that runs the tests."""
    place = tmp_path_factory.mktemp("installed")
    checkout.make_environment(place / "environment")
    python = str(place / "environment/bin/python")
    options = ["--quiet", "--no-deps", "--no-index", "--no-compile"]
    subprocess.run([sys.executable, "-m", "pip", "--python", python, "install", *options, str(wheel)], check=True)
    (place / "folder").mkdir()
    return Installed(place / "environment", place / "folder")


def test_the_wheel_holds_the_code_and_all_that_it_reads(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        found = {name for name in archive.namelist() if ".dist-info/" not in name}
    source = wheel.parent / "source"
    ours = [path for path in (source / "v1").rglob("*") if path.is_file() and not path.name.endswith(FOR_MAKING)]
    expected = {str(path.relative_to(source)) for path in ours}
    for folder, patterns in BESIDE.items():
        paths = [path for pattern in patterns for path in (source / folder).glob(pattern)]
        expected |= {f"v1/{path.relative_to(source)}" for path in paths}
    assert found == expected


def test_nothing_is_imported_from_the_clone(installed: Installed) -> None:
    environ = {"DATABASE_URL": "mysql://u:p@127.0.0.1:1/d", "APP_ENV": "development", "PYTHONWARNINGS": "error"}
    first, *files = installed.run("python", "-c", ORIGINS, environ=environ).splitlines()
    (packages,) = (installed.environment / "lib").glob("python*/site-packages")
    assert first == f"{packages}/v1/__init__.py"
    assert len(files) > 50 and [path for path in files if not path.startswith(str(packages))] == []


def test_the_program_tells_its_version_and_its_commands(installed: Installed, wheel: Path) -> None:
    shown = installed.run("gatepass", "--help")
    assert [f"  {name} " in shown for name in ("db", "serve", "session", "token", "user")] == [True] * 5
    assert installed.run("gatepass", "--version") == f"gatepass {wheel.name.split('-')[1]}\n"


def asked(port: int, path: str, language: str = "en", **fields: str) -> tuple[int, str]:
    """The status and the text of an answer, to a POST if there are fields."""
    data = urlencode(fields).encode() if fields else None
    request = Request(f"http://127.0.0.1:{port}{path}", data, {"Accept-Language": language})
    try:
        with urlopen(request, timeout=60) as response:
            return response.status, response.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()


@pytest.fixture
def port(installed: Installed, database_server: Server, fresh: str) -> Iterator[int]:
    """Where `gatepass serve` listens, on tables that `gatepass` made and with a user that it added."""
    number = free_port()
    environ = environment(database_server, fresh, HOST="127.0.0.1", PORT=str(number), WORKERS="1")
    assert "done: " in installed.run("gatepass", "db", "migrate", environ=environ)
    assert "added alice" in installed.run("gatepass", "user", "add", "alice", environ=environ, stdin="a password\n")
    (installed.folder / "v1").mkdir()
    (installed.folder / "v1/__init__.py").write_text("raise SystemExit('a v1 of somebody else')\n")
    log = installed.folder / "gunicorn.log"
    command = [str(installed.environment / "bin/gatepass"), "serve"]
    with log.open("wb") as output:
        process = processes.start(command, environ, cwd=installed.folder, stdout=output, stderr=output)
    secrecy.watch(log)
    until(lambda: process.poll() is not None or _listens(number), "it listens")
    assert process.poll() is None, log.read_text()
    yield number
    process.terminate()
    assert process.wait(timeout=120) == 0


def _listens(port: int) -> bool:
    try:
        return asked(port, "/healthz")[0] == 200
    except OSError:
        return False


def test_a_user_logs_in_at_the_service_that_the_wheel_runs(port: int) -> None:
    status, text = asked(port, "/v1/oauth/", username="alice", password="a password")
    answer = json.loads(text)
    assert status == 200 and answer["success"] is True and len(answer["data"]["access_token"]) == 40
    assert asked(port, "/readyz") == (200, '{"status": "ready"}')
    assert asked(port, "/openapi.json") == (200, (ROOT / "docs/openapi.json").read_text())
    status, page = asked(port, "/console/sign-in/", language="tr")
    assert status == 200 and '<html lang="tr"' in page and "Parola" in page
    assert asked(port, "/console/static/x/style.css") == (200, (ROOT / "v1/doors/console/static/style.css").read_text())
