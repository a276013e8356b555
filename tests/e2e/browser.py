"""The browser of the end-to-end tests: Debian's headless Chromium, its pages, and all that goes wrong on them."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect, sync_playwright

from tests.conftest import installed

AXE: Final = Path(sys.prefix) / "node_modules/axe-core/axe.min.js"
STANDARDS: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice")

SIZES: Final = {"phone": (390, 844), "tablet": (820, 1180), "desktop": (1440, 900), "wide": (2560, 1440)}
"""Width and height of a window; the first two are touched, and obey a page's `<meta name="viewport">`."""

WAIT: Final = 120_000.0
"""Milliseconds that nothing on a page takes, however busy the machine is."""

expect.set_options(timeout=WAIT)

VIOLATED: Final = """document.addEventListener("securitypolicyviolation", (violation) => console.error(
    `securitypolicyviolation: ${violation.violatedDirective} forbids ${violation.blockedURI}`))"""


def command() -> str:
    """Debian's headless Chromium: as fast again as the one with windows is in its headless mode."""
    return installed("chromium-headless-shell", "chromium-headless-shell")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Chromium while the block runs. It finds no host but this one, which is `gatepass.example` too."""
    hosts = "MAP gatepass.example 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
    nowhere = [f"--host-resolver-rules={hosts}", "--no-proxy-server"]
    sandbox = os.geteuid() != 0  # Chromium refuses to have one as root
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=command(), chromium_sandbox=sandbox, args=nowhere, timeout=WAIT
        )
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Pages:
    """Makes the pages of one test and keeps what goes wrong on any of them."""

    browser: Browser
    _contexts: list[BrowserContext] = field(default_factory=list)
    _found: list[str] = field(default_factory=list)
    _allowed: list[str] = field(default_factory=list)

    def new(
        self,
        port: int,
        *,
        javascript: bool = True,
        theme: Any = "light",
        size: str = "desktop",
        locale: str = "en-US",
        zone: str = "UTC",
    ) -> Page:
        """An empty page of a browser of its own, without cookies; paths are those of the service on this port. A tab
        beside it: `page.context.new_page()`. `size` is one of SIZES, `zone` that of its clock."""
        width, height = SIZES[size]
        hand_held = size in ("phone", "tablet")
        context = self.browser.new_context(
            base_url=f"http://127.0.0.1:{port}",
            java_script_enabled=javascript,
            color_scheme=theme,
            viewport={"width": width, "height": height},
            is_mobile=hand_held,
            has_touch=hand_held,
            locale=locale,
            timezone_id=zone,
        )
        context.set_default_timeout(WAIT)
        self._watch(context, f"http://127.0.0.1:{port}/")
        self._contexts.append(context)
        return context.new_page()

    def allow(self, *expected: int | str) -> None:
        """What goes wrong in this test on purpose: the status of an answer, or a part of the text of a problem."""
        self._allowed += [f"with a status of {each} " if isinstance(each, int) else each for each in expected]

    def problems(self) -> list[str]:
        """What has gone wrong so far and was not allowed."""
        for context in self._contexts:
            for page in context.pages:
                page.evaluate("0")  # comes back after all that happened on the page
        return [each for each in self._found if not any(part in each for part in self._allowed)]

    def close(self) -> None:
        while self._contexts:
            self._contexts.pop().close()

    def _watch(self, context: BrowserContext, origin: str) -> None:
        """Keep the errors of the console (where Chromium writes of forbidden and of missing things too), what scripts
        throw, requests that fail and those to anywhere else."""

        def said(message: ConsoleMessage) -> None:
            if message.type == "error":
                self._found.append(f"console: {message.text} ({message.location['url']})")

        def asked(request: Request) -> None:
            if not request.url.startswith((origin, "data:")):
                self._found.append(f"foreign request: {request.method} {request.url}")

        def failed(request: Request) -> None:
            if request.failure != "net::ERR_ABORTED":  # given up, as the page was left
                self._found.append(f"failed request: {request.method} {request.url}: {request.failure}")

        context.add_init_script(VIOLATED)
        context.on("console", said)
        context.on("request", asked)
        context.on("requestfailed", failed)
        context.on("weberror", lambda thrown: self._found.append(f"thrown: {thrown.error}"))
        context.on("page", lambda page: page.on("crash", lambda _: self._found.append("a page crashed")))


@contextmanager
def checked(running: Browser) -> Iterator[Pages]:
    """Pages for one test. At its end they must have no problem but those that it allows; they are closed then."""
    pages = Pages(running)
    try:
        yield pages
        if problems := pages.problems():
            raise AssertionError("\n".join(problems))
    finally:
        pages.close()


def axe(page: Page) -> list[str]:
    """What axe-core finds against WCAG 2.2 A and AA and good practice on the page as it is now: a line for each place.
    It needs JavaScript on. The page's Content-Security-Policy stays in force."""
    if not AXE.exists():
        assert os.environ.get("CI") != "true", "CI must have axe-core: see `make test`"
        pytest.skip("axe-core is not installed: see `make test`")
    page.evaluate(AXE.read_text())
    rules = {"runOnly": {"type": "tag", "values": list(STANDARDS)}, "resultTypes": ["violations"]}
    violations = page.evaluate("async (rules) => (await axe.run(document, rules)).violations", rules)
    return [
        f"{each['id']}: {each['help']}: {' '.join(map(str, node['target']))}"
        for each in violations
        for node in each["nodes"]
    ]


def sign_in(page: Page, name: str, password: str = "password") -> None:
    """Send the form of the sign-in page, which leads to the console's first page."""
    page.goto("/console/sign-in/")
    page.locator("[name=username]").fill(name)
    page.locator("[name=password]").fill(password)
    page.locator("main button[type=submit]").click()
    page.wait_for_url(lambda url: "/sign-in/" not in url)
