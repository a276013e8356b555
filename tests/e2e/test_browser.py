"""Pins what the browser of these tests sees: each thing that can go wrong on a page, and nothing on a good one."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.e2e.browser import SIZES, Pages, Theme, axe, checked

GOOD = """<link rel="icon" href="/icon"><link rel="stylesheet" href="/style">
<main><h1>Hello</h1><p id="language">{language}</p></main>"""

BODIES = {
    "/good": GOOD,
    "/inline": GOOD + "<script>document.title = 'taken'</script>",
    "/error": GOOD + '<script src="/says-error"></script>',
    "/throws": GOOD + '<script src="/throws-up"></script>',
    "/inline-style": GOOD + '<p style="color: red">a</p>',
    "/foreign": GOOD + '<img alt="" src="http://gatepass.invalid/a.png">',
    "/missing": GOOD + '<img alt="" src="/nowhere">',
    "/broken": GOOD + '<img alt="" src="/cut-off">',
    "/barrier": GOOD + "<input>",
    "/icon": "",
    "/style": "main { color: black; background: white } @media (prefers-color-scheme: dark) { main { color: gray } }",
    "/says-error": "console.error('said by a script')",
    "/throws-up": "throw new Error('up')",
}


class Server(ThreadingHTTPServer):
    """It says nothing of a connection that a test has broken."""

    def handle_error(self, *_: Any) -> None:
        pass


class Handler(BaseHTTPRequestHandler):
    """Serves BODIES with the policy of a page that trusts itself alone."""

    def do_GET(self) -> None:
        if self.path == "/cut-off":
            return  # and the connection ends
        kind = {"/style": "css", "/says-error": "javascript", "/throws-up": "javascript"}.get(self.path, "html")
        page = '<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>A</title>'
        body = BODIES.get(self.path, "").replace("{language}", self.headers["Accept-Language"])
        self.send_response(200 if self.path in BODIES else 404)
        self.send_header("Content-Type", f"text/{kind}; charset=utf-8")
        self.send_header("Content-Security-Policy", "default-src 'self'")
        self.end_headers()
        self.wfile.write((page + body if kind == "html" else body).encode())

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def port() -> Iterator[int]:
    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def test_a_good_page_has_no_problem(pages: Pages, port: int) -> None:
    page = pages.new(port)
    page.goto("/good")
    assert axe(page) == []
    page.context.new_page().goto("/good")
    assert pages.problems() == []


@pytest.mark.parametrize(
    ("path", "problems"),
    [
        ("/inline", ["console: Executing inline script", "console: securitypolicyviolation: script-src-elem "]),
        ("/error", ["console: said by a script"]),
        ("/throws", ["thrown: up"]),
        ("/missing", ["console: Failed to load resource: the server responded with a status of 404"]),
        ("/broken", ["console: Failed to load resource: net::ERR_", "failed request: GET http://127.0.0.1"]),
        (
            "/foreign",
            [
                "console: Loading the image",
                "console: securitypolicyviolation: img-src ",
                "failed request: GET http://gatepass.invalid/a.png: csp",
                "foreign request: GET http://gatepass.invalid/a.png",
            ],
        ),
    ],
)
def test_what_goes_wrong_fails_the_test(chromium: Browser, port: int, path: str, problems: list[str]) -> None:
    with pytest.raises(AssertionError) as failed, checked(chromium) as pages:
        page = pages.new(port)
        page.goto("/good")
        page.context.new_page().goto(path)
    found = sorted(str(failed.value).splitlines())
    assert [one for one, each in zip(found, problems, strict=True) if not one.startswith(each)] == []


def test_what_a_test_expects_does_not_fail_it(pages: Pages, port: int) -> None:
    pages.allow(404, "said by a script")
    page = pages.new(port)
    page.goto("/missing")
    page.goto("/error")
    assert pages.problems() == []


def test_a_policy_counts_without_javascript_too(chromium: Browser, port: int) -> None:
    with pytest.raises(AssertionError, match="Applying inline style violates"), checked(chromium) as pages:
        page = pages.new(port, javascript=False)
        page.goto("/inline-style")
        assert page.title() == "A"
        page.goto("/throws")  # whose script is not run


def test_axe_names_the_rule_and_the_place(pages: Pages, port: int) -> None:
    page = pages.new(port)
    page.goto("/barrier")
    assert [each for each in axe(page) if each.startswith("label: ") and each.endswith(": input")]


@pytest.mark.parametrize(
    ("size", "theme", "locale"),
    [("phone", "dark", "en-US"), ("tablet", "dark", "tr-TR"), ("desktop", "light", "tr-TR"), ("wide", "dark", "en-US")],
)
def test_a_page_is_as_it_was_asked_for(pages: Pages, port: int, size: str, theme: Theme, locale: str) -> None:
    page = pages.new(port, size=size, theme=theme, locale=locale)
    page.goto("/good")
    assert page.evaluate("[innerWidth, innerHeight]") == list(SIZES[size])
    assert page.evaluate("matchMedia('(pointer: coarse)').matches") is (size in ("phone", "tablet"))
    assert page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") is (theme == "dark")
    assert page.evaluate("navigator.language") == locale
    assert page.locator("#language").inner_text().startswith(locale)
