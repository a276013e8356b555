"""The container image, run for real by an OCI runtime: it serves, it is hard to change, and it stops in order."""

import json
import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

from tests import secrecy
from tests.conftest import ROOT
from tests.e2e.checkout import alive, family
from tests.e2e.faults import until
from tests.image import container
from tests.image.conftest import Deployment
from tests.image.container import Container
from tests.ports import free_port
from tools.generate.version import version
from tools.image.places import INSIDE, STORE

PASSWORD = "a password of the image's test"
HEALTH = ["python3", "-I", "-S", "/opt/gatepass/health.py"]

LOOK = """
import json, os
def below(place):
    for folder, folders, files in os.walk(place):
        folders[:] = [each for each in folders if os.path.join(folder, each) not in ("/proc", "/dev", "/tmp")]
        yield from (os.path.join(folder, each) for each in [*folders, *files])
paths = [each for each in below("/") if not os.path.islink(each)]
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
modes = {each: os.stat(each) for each in paths}
print(json.dumps({
    "ids": [os.getuid(), os.getgid(), os.getgroups()],
    "capabilities": [status[name].strip() for name in ("CapEff", "CapPrm", "CapBnd")],
    "new privileges": status["NoNewPrivs"].strip(),
    "writable": [each for each in paths if os.access(each, os.W_OK)],
    "anybody's": [each for each, stat in modes.items() if stat.st_mode & 0o002 and not stat.st_mode & 0o1000],
    "its own": [each for each, stat in modes.items() if 10001 in (stat.st_uid, stat.st_gid)],
    "setuid": [each for each, stat in modes.items() if os.path.isfile(each) and stat.st_mode & 0o6000],
    "names": sorted({os.path.basename(each) for each in paths if "/bin/" in each or "/python3" in each}),
    "locales": sorted(each for each in paths if "/locale-data/" in each),
}))
"""

UNWANTED = {"gcc", "cc", "c++", "make", "git", "curl", "wget", "pip", "pip3", "ensurepip", "setuptools", "host.pem"}
ORPHAN = "import os, time\nif not os.fork():\n    time.sleep(0.2)"
"""Its child lives longer than itself."""


@pytest.fixture(scope="module")
def running(image: str, deployment: Deployment, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Container]:
    """The service of the image, with one user."""
    secrecy.learn(PASSWORD)
    place = tmp_path_factory.mktemp("running")
    added = container.once(
        image, place / "add", deployment.environ, "gatepass", "user", "add", "alice", stdin=PASSWORD + "\n"
    )
    assert "added alice" in added
    with container.service(image, place / "service", deployment.environ) as started:
        until(lambda: asked(deployment.environ, "/healthz")[0] == 200, "the service listens")
        yield started


def asked(environ: dict[str, str], path: str, token: str = "", **fields: str) -> tuple[int, str]:
    """The status and the text of an answer, to a POST if there are fields. Status 0: nothing listens."""
    data = urlencode(fields).encode() if fields else None
    headers = {"Accept-Language": "tr"} | ({"Authorization": f"Token {token}"} if token else {})
    request = Request(f"http://127.0.0.1:{environ['PORT']}{path}", data, headers)
    try:
        with urlopen(request, timeout=60) as response:
            return response.status, response.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()
    except OSError:
        return 0, ""


def test_the_image_makes_the_tables_and_the_script_grants_the_rights(deployment: Deployment) -> None:
    assert deployment.migrated.startswith("0 ") and "done: " in deployment.migrated
    assert deployment.granted == "the views are made and the rights granted\n"
    rights = deployment.server.sql("SHOW GRANTS FOR gatepass@'%'")
    assert "ON `live`.`auth_tokens`" in rights and "ALL PRIVILEGES" not in rights
    assert "ON `live`.`active_sessions`" in deployment.server.sql("SHOW GRANTS FOR gatepass_read@'%'")


def test_a_user_logs_in_and_the_token_is_good(running: Container, deployment: Deployment) -> None:
    status, text = asked(deployment.environ, "/v1/oauth/", username="alice", password=PASSWORD)
    token = json.loads(text)["data"]["access_token"]
    assert status == 200 and asked(deployment.environ, "/v1/verify/", token)[0] == 200
    assert asked(deployment.environ, "/readyz") == (200, '{"status": "ready"}')
    assert asked(deployment.environ, "/openapi.json")[1] == (ROOT / "docs/openapi.json").read_text()
    page = asked(deployment.environ, "/console/sign-in/")[1]
    assert '<html lang="tr"' in page and "Parola" in page


def test_nobody_is_a_local_caller(running: Container, deployment: Deployment) -> None:
    assert asked(deployment.environ, "/metrics")[0] == 404


def test_the_service_may_write_to_tmp_alone(running: Container) -> None:
    done = running.execute("python3", "-I", "-S", "-c", LOOK)
    found = json.loads(done.stdout or done.stderr)
    assert found["ids"] == [10001, 10001, [10001]] or found["ids"] == [10001, 10001, []]
    assert found["capabilities"] == ["0" * 16] * 3 and found["new privileges"] == "1"
    assert found["writable"] == [] and found["its own"] == [] and found["setuid"] == []
    assert found["anybody's"] == []  # were the root writable, still not one of these
    assert UNWANTED & set(found["names"]) == set()
    assert {"gatepass", "python3", "flask"} <= set(found["names"])
    languages = {path.name for path in (ROOT / "v1/doors/console/translations").iterdir() if path.is_dir()}
    kept = {Path(each).name.removesuffix(".dat") for each in found["locales"]}
    assert {"root", "en", "tr"} | languages <= kept and len(kept) < 200


def test_the_health_check_asks_the_service(image: str, running: Container, tmp_path: Path) -> None:
    done = running.execute(*HEALTH)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    down = container.once(image, tmp_path / "down", {"PORT": "9", "HOST": "0.0.0.0"}, *HEALTH)
    assert down.startswith("1 the service does not answer: ")


def test_an_orphan_is_reaped_by_the_first_process(running: Container) -> None:
    """As engines start it, without an init: gunicorn is process 1."""
    first = running.first
    before = family(first)
    assert running.execute("python3", "-I", "-S", "-c", ORPHAN).returncode == 0
    until(lambda: family(first) == before, "the orphan has ended and is no zombie")


def test_the_image_has_no_secret_and_says_what_it_is(image: str) -> None:
    found = json.loads(subprocess.check_output([*INSIDE, "buildah", *STORE, "inspect", "--type", "image", image]))
    config = found["Docker"]["config"]
    said = json.dumps(found)
    assert config["Labels"]["org.opencontainers.image.version"] == version() == image.partition(":")[2]
    assert config["User"] == "10001:10001" and config["StopSignal"] == "SIGTERM"
    assert config["Healthcheck"]["Test"] == ["CMD", *HEALTH]
    assert {each.partition("=")[0] for each in config["Env"]} == {
        *("PATH", "PYTHONDONTWRITEBYTECODE", "HOST", "LOCAL_API_TOKENS", "LOCAL_METRICS")
    }
    assert "/opt/pypi" not in said and "index-url" not in said and str(ROOT) not in said


def test_sigterm_answers_what_is_open_and_ends_all(image: str, deployment: Deployment, tmp_path: Path) -> None:
    environ = deployment.environ | {"PORT": str(free_port()), "RECEIVE_SECONDS": "300"}
    with container.service(image, tmp_path / "service", environ) as started:
        until(lambda: asked(environ, "/healthz")[0] == 200, "the service listens")
        everybody = family(started.process.pid)
        with open_request(int(environ["PORT"])) as waiting:
            os.kill(started.first, signal.SIGTERM)
            until(lambda: asked(environ, "/healthz")[0] == 0, "new connections are refused")
            waiting.sendall(b"0" * 10)
            answer = waiting.makefile("rb").read()
        assert answer.startswith(b"HTTP/1.1 200 ") and b'"success": false' in answer
        assert started.process.wait(timeout=120) == 0
        until(lambda: not any(map(alive, everybody)), "nobody remains")


def open_request(port: int) -> socket.socket:
    """A login of which the last ten bytes are still on their way."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=60)
    body = b"username=alice&password=wrong"
    head = b"POST /v1/oauth/ HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    connection.sendall(head + b"Content-Length: %d\r\n\r\n" % (len(body) + 10) + body)
    return connection


def test_a_killed_container_leaves_nothing(image: str, deployment: Deployment, tmp_path: Path) -> None:
    with container.service(image, tmp_path / "service", deployment.environ | {"PORT": str(free_port())}) as started:
        everybody = family(started.process.pid)
        assert len(everybody) > 4
        started.process.kill()
        until(lambda: not any(map(alive, everybody)), "all have ended")
    mounts = Path("/proc/mounts").read_text()
    assert str(ROOT / "var/image") not in mounts
