"""A real nginx that runs config/nginx-streams.conf, the operator's example, over a folder of streams; tokens for it.

Every file of the folder holds its own path, so that an answer tells what was served.
"""

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import ROOT, Gunicorn
from tests.e2e import nginx
from tests.e2e.faults import until
from tests.e2e.nginx import Nginx
from tests.e2e.wire import Answer
from tests.ports import free_port

EXAMPLE = (ROOT / "config/nginx-streams.conf").read_text()
FIRST, LATER = 1_700_000_100, 1_700_000_200
"""The seconds in which the files of the archive begin."""

LIVE = ("live.m3u8", "live-0001.ts")
ARCHIVE = (f"archive/{FIRST}.ts", f"archive/{LATER}.ts")
COPIES = (f"copy/{FIRST}.mp4", f"copy/{LATER}.mp4")
UNNAMED = (
    *("secret.txt", "archive/index.m3u8", "live.m3u8.bak", "old-live.m3u8", "live-x.ts", "live.mp4", "x/live.m3u8"),
    *(f"archive/{FIRST}.ts.bak", f"archive/x{FIRST}.ts", f"archive/x/{FIRST}.ts", f"archive/{FIRST}.mp4"),
    *(f"copy/{FIRST}.mp4.bak", f"copy/x{FIRST}.mp4", f"copy/{FIRST}.ts", f"{FIRST}.ts"),
)
"""Files that no location of the example names."""


@dataclass(frozen=True)
class Streams:
    """nginx over its folder, and the Gatepass that it asks."""

    nginx: Nginx
    gatepass: Gunicorn

    def token(self, stream: str = "cam1", **rights: object) -> str:
        """A token for that stream, by way of an API token of its own."""
        return token(self.gatepass, api_token(self.gatepass), stream, **rights)

    def ask(self, target: str, token: str, *headers: str, method: str = "GET") -> Answer:
        """One request with this token in its query."""
        return nginx.ask(self.nginx, f"{target}?token={token}", *headers, method=method)

    def statuses(self, token: str, *names: str, stream: str = "cam1") -> list[int]:
        """What this token is answered at these files of a stream."""
        return [self.ask(f"/{stream}/{name}", token).status for name in names]

    def paths(self, last: int) -> list[str]:
        """The paths in the last lines of nginx's log. It writes after it answers: wait for a request of our own."""
        mark = f"/{uuid.uuid4().hex}"
        nginx.ask(self.nginx, mark)
        until(lambda: f'"path":"{mark}"' in self.nginx.log.read_text(), "nginx logs a request")
        return [json.loads(line)["path"] for line in self.nginx.log.read_text().splitlines()[-last - 1 : -1]]


@contextmanager
def running(place: Path, gatepass: int) -> Iterator[Nginx]:
    """nginx on a free port over a new folder of two streams, before the Gatepass on this port."""
    port = free_port()
    folder = place / "streams"
    fill(folder)
    with nginx.started(place / "nginx", port, changed(port, gatepass, folder)) as front:
        yield front


def fill(folder: Path) -> None:
    """Two streams. Every file holds its own path."""
    names = (*LIVE, *ARCHIVE, *COPIES, *UNNAMED)
    for path in (folder / stream / name for stream in ("cam1", "cam2") for name in names):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"/{path.relative_to(folder)}")


def changed(port: int, gatepass: int, folder: Path) -> str:
    """The example with what it marks as CHANGE put in, and nothing else. The logs go below nginx's own directory."""
    return nginx.replaced(
        EXAMPLE,
        ("server 127.0.0.1:8000;", f"server 127.0.0.1:{gatepass};"),
        ("listen 80;", f"listen 127.0.0.1:{port};"),
        ("root /srv/streams;", f"root {folder};"),
        ("access_log /var/log/nginx/gatepass-streams.access.log", "access_log access.log"),
        ("error_log /var/log/nginx/gatepass-streams.error.log", "error_log error.log"),
    )


def api_token(gatepass: Gunicorn) -> str:
    """An API token, as a program on the machine gets one."""
    return str(nginx.rpc(gatepass, "Auth.CreateApiToken", ttl=3600).json["result"])


def token(gatepass: Gunicorn, api: str, stream: str = "cam1", **rights: object) -> str:
    """A stream token by this API token."""
    header = f"Authorization: Bearer {api}"
    return str(nginx.rpc(gatepass, "Auth.CreateAccessToken", header, stream=stream, **rights).json["result"])
