"""The browser of these tests sees each thing that can go wrong on a page, and nothing on a good one."""

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.e2e.browser import SIZES, Pages, axe, checked

PORT = 8000
"""Nothing listens there: every request is answered by `serve`."""

HEAD = '<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>A</title>'
GOOD = f'{HEAD}<link rel="icon" href="data:,"><link rel="stylesheet" href="/style.css"><main><h1>Hello</h1>'
POLICY = "default-src 'self'; img-src 'self' data:"
FILES = {
    "/good": GOOD,
    "/inline": GOOD + "<script>document.title = 'taken'</script>",
    "/style": GOOD + '<p style="color: red">a</p>',
    "/error": GOOD + '<script src="/error.js"></script>',
    "/throws": GOOD + '<script src="/throws.js"></script>',
    "/foreign": GOOD + '<img alt="" src="http://gatepass.invalid/a.png">',
    "/missing": GOOD + '<img alt="" src="/nowhere">',
    "/broken": GOOD + '<img alt="" src="/cut-off">',
    "/barrier": GOOD + "<input>",
    "/style.css": "main { color: black; background: white }",
    "/error.js": "console.error('said by a script')",
    "/throws.js": "throw new Error('up')",
}


def serve(page: Page) -> Page:
    """Answer all that this browser asks for here, with the policy of a page that trusts itself alone."""

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(f"http://127.0.0.1:{PORT}")
        if path not in FILES:
            return route.abort() if path == "/cut-off" else route.fulfill(status=404)
        kind = {"css": "css", "js": "javascript"}.get(path.partition(".")[2], "html")
        headers = {"Content-Type": f"text/{kind}", "Content-Security-Policy": POLICY}
        return route.fulfill(body=FILES[path], headers=headers)

    page.context.route(f"http://127.0.0.1:{PORT}/**", answer)
    return page


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
def test_what_goes_wrong_fails_the_test_unless_it_is_allowed(chromium: Browser, path: str, problems: list[str]) -> None:
    with pytest.raises(AssertionError) as failed, checked(chromium) as pages:
        page = serve(pages.new(PORT))
        page.goto("/good")
        assert pages.problems() == [] and axe(page) == []
        page.context.new_page().goto(path)
    found = sorted(str(failed.value).splitlines())
    assert [one for one, each in zip(found, problems, strict=True) if not one.startswith(each)] == []
    with checked(chromium) as pages:
        pages.allow(404, *problems)
        serve(pages.new(PORT)).goto(path)


def test_a_policy_counts_without_javascript_too(chromium: Browser) -> None:
    with pytest.raises(AssertionError, match="Applying inline style violates"), checked(chromium) as pages:
        page = serve(pages.new(PORT, javascript=False))
        page.goto("/style")
        page.goto("/throws")  # whose script is not run


def test_axe_names_the_rule_and_the_place(pages: Pages) -> None:
    page = serve(pages.new(PORT))
    page.goto("/barrier")
    assert [each for each in axe(page) if each.startswith("label: ") and each.endswith(": input")]


@pytest.mark.parametrize(("size", "theme", "locale"), [("phone", "dark", "tr-TR"), ("wide", "light", "en-US")])
def test_a_page_is_as_it_was_asked_for(pages: Pages, size: str, theme: str, locale: str) -> None:
    page = serve(pages.new(PORT, size=size, theme=theme, locale=locale))
    page.goto("/good")
    assert page.evaluate("[innerWidth, innerHeight]") == list(SIZES[size])
    assert page.evaluate("matchMedia('(pointer: coarse)').matches") is (size == "phone")
    assert page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") is (theme == "dark")
    assert page.evaluate("navigator.language") == locale
