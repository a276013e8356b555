"""`make run`: a private MariaDB or MySQL, its tables, a demo user, and the service in development. Ctrl-C stops
everything; the data stay under var/.

If DATABASE_URL is set, no database server is started, and APP_ENV is production by default: then no table and no user
is made.
"""

import http.client
import os
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tools import children, demo, engines, private_files, private_server
from tools.only_one import only_one
from v1.auth import core
from v1.settings import PRIVATE_DATABASE, Settings, load

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent

POLL_SECONDS = 0.5
"""How often is checked whether the service still runs."""

RUNNING = "`make run` is already running in this checkout"

signals: list[int] = []
"""The signals that were received. (Not a threading.Event: the code that a signal interrupts may hold its lock.)"""


class Failed(Exception):
    """The service cannot run, or has ended; the text says why."""


def main() -> int:
    signal.signal(signal.SIGINT, _stop)  # a shell ignores it for its background jobs
    signal.signal(signal.SIGTERM, _stop)
    try:
        if os.environ.get("DATABASE_URL"):
            serve(dict(os.environ))
        else:
            with only_one(ROOT / "var/run.lock", RUNNING), private_database() as (server, environ):
                serve(environ, server)
    except KeyboardInterrupt:
        print("\nstopped; the data stay in var/")
    except (private_server.ServerError, Failed) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _stop(number: int, frame: object) -> None:
    """Interrupt the main thread, and note the signal: Python drops an exception that is raised in a destructor."""
    signals.append(number)
    raise KeyboardInterrupt


@contextmanager
def private_database() -> Iterator[tuple[private_server.Server, dict[str, str]]]:
    """A private server while the block runs, and the environment that names it; operator commands find it too."""
    engine = engines.chosen()
    server = private_server.start(engine, ROOT / "var" / engine.name.lower())
    named = {
        "DATABASE_URL": server.url(),
        "MIGRATE_DATABASE_URL": server.url("gatepass_migrate"),
        "APP_ENV": os.environ.get("APP_ENV", "development"),
    }
    lines = "".join(f"{name}={value}\n" for name, value in named.items())
    private_files.write_private(PRIVATE_DATABASE, lines)
    try:
        yield server, {**os.environ, **named}
    finally:
        PRIVATE_DATABASE.unlink(missing_ok=True)
        private_server.stop(server)


def serve(environ: dict[str, str], server: private_server.Server | None = None) -> None:
    """Run the service until a signal is received or gunicorn ends. `server` is the private one, if there is one."""
    settings = load(environ)
    _refuse_taken_port(settings)
    environ = demo.keys(settings, environ)
    password = _prepare(environ, settings, server) if settings.development else None
    command = [str(BIN / "gunicorn"), "-c", "config/gunicorn.conf.py", "wsgi:application"]
    gunicorn = subprocess.Popen(
        command, cwd=ROOT, env=environ, start_new_session=True, preexec_fn=children.ended_with_parent()
    )
    try:
        _wait(gunicorn, settings)
        _print_welcome(settings, password, server)
        _wait_for_the_end(gunicorn)
        raise Failed(f"gunicorn ended by itself (status {gunicorn.returncode}); its messages are above")
    finally:
        if gunicorn.poll() is None:
            gunicorn.terminate()
            gunicorn.wait(timeout=40)


def _prepare(environ: dict[str, str], settings: Settings, server: private_server.Server | None) -> str | None:
    """Migrate, make the views on a private server, and prepare the demo user. Its password, as `demo.prepare` says."""
    # In a session of its own, like the service: Ctrl-C in the terminal reaches only this process, which then ends both.
    command, die = [str(BIN / "gatepass"), "db", "migrate"], children.ended_with_parent()
    if subprocess.run(command, cwd=ROOT, env=environ, start_new_session=True, preexec_fn=die).returncode:
        raise Failed("the tables could not be made; the reason is above")
    if server:
        server.sql((ROOT / "sql" / "views.sql").read_text(), private_server.DATABASE)
    with closing(core.build(settings)) as parts:
        return demo.prepare(parts)


def _refuse_taken_port(settings: Settings) -> None:
    with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            place = f"{settings.host}:{settings.port}"
            raise private_server.ServerError(f"{place}: {error.strerror}; try PORT=8001 make run") from None


def _wait(gunicorn: subprocess.Popen[bytes], settings: Settings) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until and gunicorn.poll() is None:
        try:
            connection = http.client.HTTPConnection(settings.host, settings.port, timeout=5)
            connection.request("OPTIONS", "/v1/oauth/")
            connection.getresponse().read()
            return
        except OSError:
            time.sleep(0.05)
    raise private_server.ServerError("gunicorn did not start; its messages are above")


def _wait_for_the_end(gunicorn: subprocess.Popen[bytes]) -> None:
    """Wait until gunicorn ends. Raises KeyboardInterrupt, also for an earlier signal whose exception Python dropped."""
    while gunicorn.poll() is None:
        if signals:
            raise KeyboardInterrupt
        time.sleep(POLL_SECONDS)


def _print_welcome(settings: Settings, password: str | None, server: private_server.Server | None) -> None:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    url = f"http://{host}:{settings.port}/v1/oauth/"
    print(f"\nGatepass ({settings.app_env}) is at {url}")
    print(f"  console:   http://{host}:{settings.port}/console/")
    if server:
        file = os.path.relpath(server.directory / "client.cnf")
        print("  commands:  .venv/bin/gatepass user list")
        print(f"  database:  {engines.chosen().client} --defaults-file={shlex.quote(file)}")
    print("\n".join([*demo.welcome(settings, password, url), "Ctrl-C stops it.\n"]), flush=True)


if __name__ == "__main__":
    sys.exit(main())
