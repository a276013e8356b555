"""The headers that keep the console's pages safe, and which answers a browser may keep."""

import gzip
import re
import zlib

import pytest
from werkzeug.test import TestResponse

from tests.conftest import ROOT, Service
from tests.doors.console.signed_in import PAGES, Scene, visitor
from tests.doors.contract import DEAD, MakeService
from v1.doors.console.pages import TYPES

CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
SAFE = {
    "Content-Security-Policy": CSP,
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
OTHERS = ("/console/x/", "/console/devices/?page=0", "/console/profile", "/console//profile//")
CONTENT = {name: (ROOT / "v1/doors/console/static" / name).read_bytes() for name in TYPES}
VERSIONS = {name: f"{zlib.crc32(content):08x}" for name, content in CONTENT.items()}


def is_safe(response: TestResponse, may_connect: bool = False) -> bool:
    """Every one of these headers, once, and kept by no cache. `may_connect`: a page whose script asks for it again."""
    safe = SAFE | ({"Content-Security-Policy": f"{CSP}; connect-src 'self'"} if may_connect else {})
    assert {name: response.headers.getlist(name) for name in safe} == {name: [said] for name, said in safe.items()}
    return (response.headers["Cache-Control"], response.headers["Pragma"]) == ("no-store", "no-cache")


def test_every_page_has_them_signed_in_or_not_and_under_every_method(seen: Scene) -> None:
    stranger = visitor(seen.browser.service)
    paths = [path.format(**seen.ids) for _, path in PAGES] + ["/console/sign-in/", *OTHERS]
    for path in paths:
        for client in (seen.browser.client, stranger.client):
            for method in ("GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "BREW"):
                answer = client.open(path, method=method)
                renewed = path == "/console/overview/" and answer.status_code == 200 and method in ("GET", "HEAD")
                assert is_safe(answer, renewed), (method, path)


def test_so_have_errors_that_nobody_foresaw_and_a_database_that_is_down(
    seen: Scene, make_service: MakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, dead = seen.browser, visitor(make_service(**DEAD))
    dead.client.set_cookie("gatepass", browser.token)
    answer = dead.get("/console/profile/")
    assert is_safe(answer) and answer.status_code == 503
    monkeypatch.setattr("v1.db.tables.profiles.Profiles.find", lambda *given: 1 / 0)
    answer = browser.get("/console/profile/")
    assert is_safe(answer) and answer.status_code == 500


@pytest.mark.parametrize("name", TYPES)
def test_what_a_page_loads_may_be_kept_for_good_under_the_version_of_its_content(service: Service, name: str) -> None:
    answer = service.client.get(f"/console/static/{VERSIONS[name]}/{name}")
    assert (answer.status_code, answer.data) == (200, CONTENT[name])
    assert answer.headers["Content-Type"] == f"{TYPES[name]}; charset=utf-8"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable" and "Pragma" not in answer.headers
    assert {header: answer.headers[header] for header in SAFE} == SAFE and "Set-Cookie" not in answer.headers
    head = service.client.head(f"/console/static/{VERSIONS[name]}/{name}")
    assert head.data == b"" and head.headers["Content-Length"] == str(len(CONTENT[name]))


@pytest.mark.parametrize("version", ["00000000", "x", "%2e%2e", "0" * 5000])
@pytest.mark.parametrize("name", TYPES)
def test_under_another_version_it_is_there_and_not_kept(service: Service, version: str, name: str) -> None:
    answer = service.client.get(f"/console/static/{version}/{name}")
    assert answer.status_code == 200 and answer.data == CONTENT[name] and is_safe(answer)


@pytest.mark.parametrize("name", ["x.css", "..%2f__init__.py", "%2e%2e/settings.py", "", "style.css%00", "STYLE.CSS"])
def test_nothing_else_is_there(service: Service, name: str) -> None:
    for version in (*VERSIONS.values(), ".."):
        answer = service.client.get(f"/console/static/{version}/{name}")
        assert answer.status_code == 404 and is_safe(answer)


def test_a_page_loads_nothing_else_and_has_no_script_or_style_of_its_own(seen: Scene) -> None:
    for path in [path.format(**seen.ids) for _, path in PAGES] + ["/console/sign-in/", *OTHERS]:
        text = seen.browser.client.get(path, follow_redirects=True).text
        loaded = set(re.findall(r'<(?:script|link|img)[^>]* (?:src|href)="([^"]*)"', text))
        own = {f"/console/static/{version}/{name}" for name, version in VERSIONS.items()}
        renewed = "data-renewed" in text
        assert loaded == {each for each in own if renewed or "overview.js" not in each}, path
        assert not re.findall(r"<style|<script(?![^>]* src=)|<[^>]* (?:style|on\w+)=|javascript:|https?://", text), path


@pytest.mark.parametrize("name", TYPES)
def test_a_file_that_every_page_loads_is_compressed_for_who_asks_for_it(service: Service, name: str) -> None:
    path = f"/console/static/{VERSIONS[name]}/{name}"
    plain = service.client.get(path)
    assert "Content-Encoding" not in plain.headers and plain.headers["Vary"] == "Accept-Encoding"
    for accepted in ("gzip", "gzip, deflate, br", "br;q=1.0, gzip;q=0.8"):
        answer = service.client.get(path, headers={"Accept-Encoding": accepted})
        assert (answer.headers["Content-Encoding"], answer.headers["Vary"]) == ("gzip", "Accept-Encoding")
        assert gzip.decompress(answer.data) == plain.data == CONTENT[name]
        assert int(answer.headers["Content-Length"]) == len(answer.data)
    for accepted in ("", "identity", "br", "gzip;q=0", "x" * 5000):
        assert service.client.get(path, headers={"Accept-Encoding": accepted}).data == CONTENT[name]


def test_a_page_is_never_compressed(service: Service) -> None:
    """Its length would tell of its secrets where a stranger's words stand in it as well."""
    answer = service.client.get("/console/sign-in/", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in answer.headers and answer.text.startswith("<!doctype html>")
