"""Forms are read as a live PHP reads them: some thousand random bodies and queries, nasty on purpose."""

import json
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import processes
from tests.conftest import ROOT, Service
from tests.e2e.faults import until
from tests.e2e.nasty_forms import (
    BODY_WORDS,
    FIELDS,
    MANY,
    NESTED,
    PART,
    URLENCODED,
    WORDS,
    random_multiparts,
    random_texts,
)
from tests.fuzz import examples
from tests.ports import free_port
from v1.wire import php_form, php_multipart

Ask = Callable[..., dict]
"""Ask PHP: `ask(content_type, body, query)` -> {"post": .., "get": ..}, each value as hex or "array"."""


@pytest.fixture(scope="module")
def ask(php: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    port, log = free_port(), tmp_path_factory.mktemp("php") / "log"
    command = [php, "-d", "display_errors=0", "-S", f"127.0.0.1:{port}", str(ROOT / "tests/php/form.php")]
    with log.open("wb") as output:
        process = processes.start(command, end=signal.SIGKILL, stdout=output, stderr=output)
    wait_for(port, process, log)

    def run(content_type: bytes = b"", body: bytes = b"", query: bytes = b"") -> dict:
        head = b"POST /?%s HTTP/1.0\r\nContent-Type: %s\r\n" % (query, content_type)
        head += b"Content-Length: %d\r\n\r\n" % len(body)
        with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
            connection.sendall(head + body)
            answer = b"".join(iter(lambda: connection.recv(65536), b""))
        return json.loads(answer.partition(b"\r\n\r\n")[2])

    yield run
    process.kill()
    process.wait()


def wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    def listens() -> bool:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=60).close()
        except OSError:
            return False
        return True

    until(lambda: process.poll() is not None or listens(), "php -S listens")
    assert process.poll() is None, "php -S did not start: " + log.read_text()


def seen(fields: php_form.Form) -> dict[str, str]:
    """Our reading in PHP's words."""
    return {
        name.decode(): "array" if isinstance(fields[name], php_form.Array) else fields[name].hex()
        for name in FIELDS
        if name in fields
    }


def test_urlencoded_bodies_are_read_as_php_reads_them(ask: Ask) -> None:
    bodies = random_texts(BODY_WORDS, examples(400, of=5000), 14, seed=1) + NESTED + MANY + [b""]
    different = [body for body in bodies if ask(URLENCODED, body)["post"] != seen(php_form.parse_body(body))]
    assert different == []


def test_queries_are_read_as_php_reads_them(ask: Ask) -> None:
    # php -S, and no other server, drops question marks at the start.
    random = random_texts(WORDS, examples(400, of=5000), 14, seed=2)
    queries = [text.lstrip(b"?") for text in random] + NESTED + MANY + [b""]
    different = [query for query in queries if ask(query=query)["get"] != seen(php_form.parse_query(query))]
    assert different == []


def test_multipart_bodies_are_read_as_php_reads_them(ask: Ask) -> None:
    many = [PART % (b"a", b"1") * count + PART % (b"username", b"u") + b"--B--\r\n" for count in range(998, 1002)]
    nested = [PART % (b"username" + b"[x]" * depth, b"1") + b"--B--\r\n" for depth in (1, 63, 64, 65, 66)]
    content_type = b"multipart/form-data; boundary=B"
    bodies = random_multiparts(examples(600, of=8000), seed=3) + many + nested + [b""]
    different = [body for body in bodies if ask(content_type, body)["post"] != seen(php_multipart.parse(body, b"B"))]
    assert different == []


@pytest.mark.parametrize("parameter", [
    *(b'; boundary="B"', b"; boundary=B;x", b"; boundary=B,x", b"; BOUNDARY=B", b'; boundary="B', b"", b"; boundary"),
    *(b"; boundary=", b"; boundary =B", b"; boundary= B", b"; boundary=B x", b"; xboundary=B", b";boundary=B"),
    *(b" boundary=B", b",boundary=B", b'; boundary=""', b'; boundary="B"x', b"; charset=x; boundary=B"),
    *(b"; boundary=boundary=B", b"; boundary='B'"),
])  # fmt: skip
def test_the_boundary_is_found_where_php_finds_it(ask: Ask, parameter: bytes) -> None:
    for mark in (b"B", b" B", b"B x", b"boundary=B", b"'B'", b""):
        body = b'--%s\r\nContent-Disposition: form-data; name="username"\r\n\r\nadmin\r\n--%s--\r\n' % (mark, mark)
        content_type = b"multipart/form-data" + parameter
        found = php_multipart.boundary(content_type)
        ours = seen(php_multipart.parse(body, found)) if found is not None else {}
        assert ask(content_type, body)["post"] == ours, mark


@pytest.mark.parametrize("content_type", [
    *(before + "application/x-www-form-urlencoded" for before in ("", "x ", ";")),
    *("application/x-www-form-urlencoded" + after for after in ("x", ";x", ",x", " x", "\tx", "; charset=utf-16")),
    *("", "APPLICATION/X-www-Form-URLencoded", "application/json", "text/plain", "\xff", "multipart/form-data"),
    *("multipart/form-data; boundary=B", "multipart/form-data, boundary=B", "Multipart/Form-Data boundary=B"),
    *("multipart/mixed; boundary=B", "multipart/form-data; boundary=C"),
])  # fmt: skip
def test_the_door_reads_a_form_from_the_content_types_that_php_reads(
    ask: Ask, service: Service, content_type: str
) -> None:
    parts = PART % (b"username", b"nobody") + PART % (b"password", b"x") + b"--B--\r\n"
    for body in (b"username=nobody&password=x", parts):
        answer = service.client.post("/v1/oauth/", data=body, headers={"Content-Type": content_type}).get_json()
        in_php = ask(content_type.encode("latin1"), body)["post"]
        assert answer["errors"]["code"] == ("1142" if {"username", "password"} <= set(in_php) else "1157")
