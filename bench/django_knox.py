"""The Django opponent: bench/knox under gunicorn, in a virtual environment and a database of its own."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench import virtual_environment
from bench.client import Page
from bench.place import Place
from bench.processes import HOST, ROOT, running, wait_for_answer
from bench.report import BenchError
from bench.sessions import FIRST_USER, USERS, in_batches, make_room, settle, text_sql, user_sql
from tools.private_server import free_port

LENGTH = 64
DATABASE = "gatepass_knox"
PROJECT = ROOT / "bench" / "knox"
HOME = ROOT / "var" / "bench-knox"

_USERS = (
    "INSERT INTO auth_user (id, password, is_superuser, username, first_name, last_name, email, is_staff, is_active,"
    f" date_joined) SELECT {FIRST_USER} + seq, '!', 0, CONCAT('session', seq), '', '', '', 0, 1, NOW()"
    f" FROM seq_0_to_{USERS - 1}"
)
_TOKENS = (
    "INSERT INTO knox_authtoken (digest, token_key, user_id, created, expiry) SELECT SHA2({text}, 512),"
    " LEFT({text}, 15), {user}, UTC_TIMESTAMP(), UTC_TIMESTAMP() + INTERVAL 10 HOUR FROM seq_{{first}}_to_{{last}}"
)


@contextmanager
def knox(place: Place, rows: int) -> Iterator[tuple[Page, int]]:
    """The view while the block runs, with so many tokens of `sessions.text(number, LENGTH)`; its first process's id."""
    environ = _environment(place)
    programs = virtual_environment.programs(HOME, PROJECT / "requirements.txt")
    if DATABASE not in place.server.sql("SHOW DATABASES").split():
        _fill(place, rows, programs, environ)
    port, log = free_port(), place.directory / "knox.log"
    command = [str(programs / "gunicorn"), "--bind", f"{HOST}:{port}", "--worker-class", "gthread"]
    command += ["--workers", "2", "--threads", "8", "--keep-alive", "5", "--log-level", "warning"]
    command += ["django.core.wsgi:get_wsgi_application()"]
    with running(command, environ, log, PROJECT) as process:
        wait_for_answer(process, port, "/check/", log)
        yield Page(port, "/check/"), process.pid


def _environment(place: Place) -> dict[str, str]:
    server = place.server
    database = {"DB_NAME": DATABASE, "DB_USER": "gatepass", "DB_PASSWORD": server.password}
    others = {"DJANGO_SETTINGS_MODULE": "settings", "PYTHONPATH": str(PROJECT), "PYTHONDONTWRITEBYTECODE": "1"}
    return {"PATH": os.environ["PATH"], "DB_SOCKET": str(server.socket), **database, **others}


def _fill(place: Place, rows: int, programs: Path, environ: dict[str, str]) -> None:
    """Its tables as its own migrations make them, and the tokens as knox stores them."""
    make_room(place.server, 3 * rows)
    place.server.sql(f"CREATE DATABASE {DATABASE} CHARACTER SET utf8mb4")
    command = [str(programs / "python"), "-m", "django", "migrate", "--verbosity", "0"]
    allowed = {**environ, "DB_USER": "gatepass_migrate"}
    done = subprocess.run(command, env=allowed, cwd=PROJECT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BenchError(f"the tables of django-rest-knox cannot be made:\n{done.stderr[-1500:]}")
    place.server.sql(_USERS, DATABASE)
    in_batches(place.server, DATABASE, _TOKENS.format(text=text_sql(LENGTH), user=user_sql()), 1, rows)
    settle(place.server)
