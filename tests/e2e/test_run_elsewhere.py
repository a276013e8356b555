"""`make run` on a database that is not its own, and where something it needs is missing or wrong."""

import os
import socket
import subprocess
from pathlib import Path

import pytest

from tests.conftest import add_user
from tests.e2e import checkout
from tests.e2e.faults import digests
from tests.environments import TOKEN_KEY
from tests.ports import free_port
from tools.private_server import Server


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return checkout.copy(tmp_path_factory.mktemp("elsewhere") / "checkout")


def has_ipv6() -> bool:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


def environment(**given: str) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "PORT": str(free_port()), "TOKEN_KEYS": TOKEN_KEY, **given}


def refused(place: Path, environ: dict[str, str], *command: str) -> str:
    """What a program that cannot start says on standard error."""
    program, *words = command or ("python", "-m", "tools.run")
    words = [f"{place}/.venv/bin/{program}", *words]
    done = subprocess.run(words, cwd=place, env=environ, capture_output=True, text=True, timeout=120)
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    return done.stderr


def test_on_a_named_database_it_is_production_and_creates_nothing(database: Server, tmp_path: Path) -> None:
    place = checkout.copy(tmp_path / "checkout")
    before = database.sql("SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = 'gatepass'")
    host, printed = ("::1", "[::1]") if has_ipv6() else ("127.0.0.1", "127.0.0.1")
    run = checkout.start(place, environment(DATABASE_URL=database.url(), HOST=host))
    try:
        run.wait_for_welcome()
        assert f"is at http://{printed}:" in run.said  # curl reads it no other way
        assert "Gatepass (production)" in run.said and "curl" not in run.said and "demo" not in run.said
        assert database.sql("SELECT COUNT(*) FROM users", "gatepass") == "0\n"
        add_user(database, "admin")
        wrong = run.post(username="admin", password="wrong", debug="1")
        assert wrong["errors"]["code"] == "1142" and "debug" not in wrong
        assert run.post(username="admin", password="password")["success"] is True
    finally:
        assert run.stop() == 0
    assert len(digests(database)) == 1
    assert database.sql("SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = 'gatepass'") == before
    assert not (place / "var").exists()


def test_on_an_empty_database_production_makes_no_tables(database_server: Server, fresh: str, place: Path) -> None:
    run = checkout.start(place, environment(DATABASE_URL=database_server.url(database=fresh)))
    try:
        answer = run.wait_for_welcome().post(username="admin", password="password")
    finally:
        run.stop()
    assert answer["errors"]["code"] == "5501"
    assert database_server.sql("SHOW TABLES", fresh) == ""


def test_in_development_on_a_database_that_cannot_be_reached_it_is_a_sentence(place: Path) -> None:
    url = f"mysql://a:secret@127.0.0.1:{free_port()}/x"
    said = refused(place, environment(DATABASE_URL=url, APP_ENV="development"))
    assert "Can't connect to MySQL server" in said and "secret" not in said


def test_in_development_without_the_right_to_make_tables_it_is_a_sentence(
    database_server: Server, fresh: str, place: Path
) -> None:
    said = refused(place, environment(DATABASE_URL=database_server.url(database=fresh), APP_ENV="development"))
    assert "CREATE command denied" in said


def test_every_problem_of_the_settings_is_told_at_once(place: Path) -> None:
    wrong = {"PORT": "http", "BCRYPT_COST": "9", "APP_ENV": "test", "WORKERS": "0"}
    gunicorn = ("gunicorn", "-c", "config/gunicorn.conf.py", "wsgi:application")
    said = refused(place, {**environment(), **wrong}, *gunicorn)
    assert "gatepass cannot start:" in said
    for name in (*wrong, "DATABASE_URL"):
        assert f"  - {name}" in said
    named = {**environment(DATABASE_URL="mysql://a:secret@127.0.0.1/x"), **wrong}
    said = refused(place, named)
    assert all(f"  - {name}: " in said for name in wrong) and "secret" not in said


def test_without_mariadb_it_is_one_clear_line(place: Path) -> None:
    said = refused(place, environment(PATH="/nonexistent"))
    assert said == "MariaDB is not installed: apt-get install mariadb-server-core mariadb-client-core\n"
