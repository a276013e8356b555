"""The gunicorn version that v1/server was written against, and what v1/server takes from it.

When gunicorn is raised, some of these tests fail. For each method that they name: read its source in the new version,
read the class in v1/server that overrides it (its docstring says what gunicorn does and what it does in its place),
change the class where needed, and run the tests of connections (tests/e2e/test_slow_connections.py, test_stop*.py,
test_hostile_*.py, test_unread_bodies.py, test_balance.py, test_bodies.py). Then write the new version into setup.cfg
and the new digests below.
"""

import hashlib
import inspect
import re
from collections.abc import Iterator
from importlib import import_module, metadata
from types import FunctionType
from typing import Any, Final

from gunicorn.glogging import Logger
from gunicorn.http.body import ChunkedReader, LengthReader
from gunicorn.http.message import Request
from gunicorn.http.parser import RequestParser
from gunicorn.http.unreader import Unreader
from gunicorn.http.wsgi import Response
from gunicorn.workers.gthread import TConn, ThreadWorker

from tests.architecture import source
from tests.conftest import ROOT

COUNTED_ON: Final = (
    *(ThreadWorker.run, ThreadWorker.handle, ThreadWorker.handle_request, ThreadWorker.enqueue_req),
    *(Request._parse_python, RequestParser.finish_body, RequestParser.__next__, Unreader.read, LengthReader.read),
    *(ChunkedReader.parse_chunk_size, ChunkedReader.parse_trailers, Response.start_response, Response.default_headers),
)
"""Not overridden, but v1/server counts on what they do. The main loop is `run`."""

READ: Final = {
    "ChunkedReader.parse_chunk_size": "997c6693156b4f8a",
    "ChunkedReader.parse_trailers": "c2e578afedad3a17",
    "LengthReader.read": "be99a0aa587fc555",
    "Logger.exception": "091e2238cd98621c",
    "Logger.setup": "17c79acdddea07c6",
    "Parser.__next__": "b8536520e95854d6",
    "Parser.finish_body": "54c5d0d28c2626ea",
    "Request._parse_python": "ed07ffec51784055",
    "Request.parse": "34c084607ae12d4f",
    "Request.parse_headers": "fe09a6b5e706bd64",
    "Request.read_into": "3f959e4da304d883",
    "Request.set_body_reader": "db5c46d4c717f58a",
    "Request.should_close": "37c454bfb3e36316",
    "Response.default_headers": "cb490cea5d6f5408",
    "Response.start_response": "59799d9ff13635c1",
    "TConn.init": "5ff3d4ba451cfdf3",
    "ThreadWorker._cap_keepalive": "745c8ac37108c74d",
    "ThreadWorker.accept": "f8dcead3dce5c851",
    "ThreadWorker.enqueue_req": "c9f428953d24acef",
    "ThreadWorker.finish_request": "616e7bb15a009ff7",
    "ThreadWorker.get_thread_pool": "003f3549a71b6d34",
    "ThreadWorker.handle": "ca85c9be3df75da4",
    "ThreadWorker.handle_request": "6d0de5b919102efc",
    "ThreadWorker.init_process": "e4fc63a1a68e4f48",
    "ThreadWorker.load_wsgi": "18b02fc35e964f2b",
    "ThreadWorker.murder_keepalived": "4459960c4ccc36d4",
    "ThreadWorker.murder_pending": "7bf11f46454296e1",
    "ThreadWorker.run": "f92c7394d85715a4",
    "ThreadWorker.set_accept_enabled": "140150ebfd3cae34",
    "ThreadWorker.wait_for_and_dispatch_events": "ea969b352482bd5c",
    "Unreader.chunk": "29e0525ac3c7022c",
    "Unreader.read": "cbfeead6687ff48b",
}
"""The upstream methods that were read, and the first 16 digits of the SHA-256 of their source."""

UPSTREAM: Final = (ThreadWorker, TConn, Unreader, Request, Logger)
SERVER: Final = [path for path in source.MODULES if source.package(path) == "server"]
RAISED: Final = "gunicorn is another one: see the first lines of tests/architecture/test_gunicorn.py"


def modules() -> list[Any]:
    names = [source.name(path).removesuffix(".py").replace("/", ".").removesuffix(".__init__") for path in SERVER]
    return [import_module(each) for each in names]


def changed_classes() -> Iterator[tuple[type, type]]:
    """Each class of v1/server that changes a class of gunicorn, and this class."""
    for module in modules():
        for made in vars(module).values():
            if isinstance(made, type) and made.__module__ == module.__name__:
                yield from ((made, upstream) for upstream in UPSTREAM if issubclass(made, upstream))


def read() -> dict[str, FunctionType]:
    """The upstream methods that v1/server overrides, and those that its classes count on, by name."""
    found = {each.__qualname__: each for each in COUNTED_ON}
    for made, upstream in changed_classes():
        for name in {each for each, value in vars(made).items() if inspect.isfunction(value)} - {"__init__"}:
            if hasattr(upstream, name):
                found[f"{upstream.__name__}.{name}"] = getattr(upstream, name)
    return found


def digest(method: FunctionType) -> str:
    return hashlib.sha256(inspect.getsource(method).encode()).hexdigest()[:16]


def test_setup_cfg_pins_the_version_that_is_installed() -> None:
    (pinned,) = re.findall(r"^    gunicorn(.*)$", (ROOT / "setup.cfg").read_text(), re.MULTILINE)
    assert pinned == "==" + metadata.version("gunicorn"), RAISED


def test_every_method_is_the_one_that_was_read() -> None:
    assert {name: digest(method) for name, method in read().items()} == READ, RAISED


def test_only_the_server_imports_gunicorn() -> None:
    """And the reader of bodies, for what the parser raises."""
    assert source.importers("gunicorn") <= {source.name(path) for path in SERVER} | {"v1/doors/body.py"}
