"""A back end for nginx: an HTTP server that keeps every request as it got it, and answers all of them alike."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.serving import serving


@dataclass(frozen=True)
class Seen:
    """A request as it came."""

    method: str
    target: str
    headers: list[tuple[str, str]]
    body: bytes

    def values(self, name: str) -> list[str]:
        return [value for each, value in self.headers if each.lower() == name.lower()]


@dataclass
class BackEnd:
    """Where it listens, what it has seen, and what it answers."""

    port: int
    status: int
    headers: Mapping[str, str]
    seen: list[Seen] = field(default_factory=list)


@contextmanager
def running(status: int = 200, headers: Mapping[str, str] | None = None) -> Iterator[BackEnd]:
    """One on a free port, with a thread for each connection."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            kept.seen.append(Seen(self.command, self.path, self.headers.items(), body))
            self.send_response(kept.status)
            for name, value in {**kept.headers, "Content-Length": "0"}.items():
                self.send_header(name, value)
            self.end_headers()

        do_GET = do_POST = do_PUT = do_DELETE = do_OPTIONS = answer

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server, serving(server):
        kept = BackEnd(server.server_port, status, dict(headers or {}))
        yield kept
