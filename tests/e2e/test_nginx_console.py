"""config/nginx.conf before the console: people sign in by way of it, and nobody else gets their cookie."""

import re
from pathlib import Path

import pytest

from tests.e2e import back_end, nginx, wire
from tests.e2e.nginx import Nginx, Site, ask
from tests.e2e.test_nginx_doors import DOORS
from tests.e2e.wire import Answer
from tests.ports import free_port

SETTINGS = {"APP_ENV": "production", "BCRYPT_COST": "10"}
"""In production the cookie has another name."""

FORM = "Content-Type: application/x-www-form-urlencoded"
SAME = "Sec-Fetch-Site: same-origin"
NAME = "__Host-gatepass"
BODY = b"username=admin&password=password"


def sign_in(front: Nginx, *headers: str, host: str = "gatepass.example") -> Answer:
    return ask(front, "/console/sign-in/", FORM, *headers, method="POST", body=BODY, host=host)


def cookie(front: Nginx) -> str:
    """Sign in; the header that presents the session. (An Answer has but one header of a name.)"""
    headers = f"Host: a\r\nConnection: close\r\n{SAME}\r\n".encode()
    raw = front.send(wire.post(BODY, b"/console/sign-in/", headers), finish=False).decode()
    (pair,) = re.findall(rf"\r\nSet-Cookie: ({NAME}=gpc_\w+); Secure; HttpOnly; Path=/; SameSite=Lax\r\n", raw)
    return f"Cookie: {pair}"


def test_a_person_signs_in_looks_around_and_signs_out(front: Nginx, site: Site) -> None:
    for path in ("/console", "/console/", "/console/devices"):
        answer = ask(front, path)
        assert (answer.status, answer.headers["location"].partition("?")[0]) == (303, "/console/sign-in/")
    assert ask(front, "/console/sign-in").status == 200
    session = cookie(front)
    assert ask(front, "/console", session).headers["location"] == "/console/profile/"

    page = ask(front, "/console/profile/", session)
    assert (page.status, page.headers["x-frame-options"]) == (200, "DENY")
    (number,) = set(re.findall(rb'name="session" value="(\d+)"', page.body))
    out = ask(front, "/console/sign-out/", FORM, SAME, session, method="POST", body=b"session=" + number)
    assert (out.status, out.headers["location"]) == (303, "/console/sign-in/")
    assert ask(front, "/console/profile/", session).status == 303
    assert site.guarded.seen == []


def test_styles_and_script_come_by_way_of_it_and_are_kept(front: Nginx) -> None:
    named = re.findall(r'(?:href|src)="(/console/static/[^"]+)"', ask(front, "/console/sign-in/").body.decode())
    assert len(named) > 2
    for each in named:
        answer = ask(front, each)
        assert (answer.status, answer.headers["cache-control"]) == (200, "public, max-age=31536000, immutable")


def test_a_post_from_elsewhere_is_refused(front: Nginx) -> None:
    for sent in ((), ("Sec-Fetch-Site: cross-site",), ("Origin: https://elsewhere",), ("Origin: null",)):
        assert sign_in(front, *sent).status == 403


@pytest.mark.parametrize("header, status", [("$host", 403), ("$host:$server_port", 303)])
def test_an_origin_on_another_port_is_known_where_the_host_has_the_port(
    site: Site, tmp_path: Path, header: str, status: int
) -> None:
    """As the example says beside Host, for browsers that send no Sec-Fetch-Site."""
    port = free_port()
    text = nginx.changed(port, site.gatepass.port, site.guarded.port)
    text = text.replace("    proxy_set_header Host $host;", f"    proxy_set_header Host {header};")
    host = f"gatepass.example:{port}"
    with nginx.started(tmp_path / "nginx", port, text) as other:
        assert sign_in(other, f"Origin: https://{host}", host=host).status == status


@pytest.mark.parametrize(
    "sent, others",
    [
        *(("a=1", "a=1"), ("a=1; b=2", "a=1; b=2"), (f"a={NAME}; b=2", f"a={NAME}; b=2"), ("a=1;;b", "a=1;;b")),
        *((f"{NAME}=gpc_x", None), (f" {NAME}=gpc_x;", None), (f"{NAME}=", None), (f"{NAME}=a=b c", None)),
        *((f"{NAME}=gpc_x; a=1", "a=1"), (f"{NAME}=gpc_x;a=1;b=2", "a=1;b=2")),
        *((f"a=1; {NAME}=gpc_x", "a=1"), (f"a=1;{NAME}=gpc_x;b=2", "a=1;b=2"), (f"a=1;\t{NAME}=x; b=2", "a=1; b=2")),
        *((f"x{NAME}=1; y=2", f"x{NAME}=1; y=2"), (f"{NAME}2=1", f"{NAME}2=1"), ("gatepass=1", "gatepass=1")),
        *((f"{NAME.lower()}=1", f"{NAME.lower()}=1"), (f"a={NAME}=1; {NAME}=gpc_x", f"a={NAME}=1")),
        *((f"{NAME}_notice=x", None), (f"{NAME}_form=x; {NAME}=gpc_x; {NAME}_notice=y", None)),
        *((f"{NAME}_=1", f"{NAME}_=1"), (f"a=1; {NAME}_form=x; b=2; {NAME}_notice=y; c=3", "a=1; b=2; c=3")),
        *((f"{NAME}=gpc_x; {NAME}=gpc_y", None), (f"a=1; {NAME}=gpc_x; b=2; {NAME}=gpc_y; c=3", None)),
        *((f"a=ä\xff\x01; {NAME}=gpc_x; b=\"2\"", 'a=ä\xff\x01; b="2"'), ("a=" + "b" * 6000, "a=" + "b" * 6000)),
    ],
)
def test_the_consoles_cookie_is_for_the_console_alone_and_the_others_for_everybody(
    tmp_path: Path, sent: str, others: str | None
) -> None:
    with back_end.running() as gatepass, back_end.running() as guarded:
        with nginx.running(tmp_path / "nginx", gatepass.port, guarded.port) as front:
            for path in (*DOORS, "/open", "/page"):
                ask(front, path, f"Cookie: {sent}", "Authorization: Bearer x")
    got = {seen.target: seen.values("Cookie") for seen in (*gatepass.seen, *guarded.seen)}
    expected = {**dict.fromkeys((*DOORS, "/open", "/page"), [others] if others else []), "/v1/verify/": []}
    assert got == expected | dict.fromkeys(("/console", "/console/"), [sent.strip(" ")])


def test_of_two_cookie_headers_neither_brings_it_along(tmp_path: Path) -> None:
    with back_end.running() as gatepass, back_end.running() as guarded:
        with nginx.running(tmp_path / "nginx", gatepass.port, guarded.port) as front:
            for two in ((f"Cookie: {NAME}=gpc_x", "Cookie: a=1"), ("Cookie: a=1", f"cookie: {NAME}=gpc_x")):
                ask(front, "/page", *two)
                ask(front, "/console/", *two)
    assert [seen.values("Cookie") for seen in guarded.seen] == [["a=1"], ["a=1"]]
    assert all(NAME in repr(seen.headers) for seen in gatepass.seen if seen.target == "/console/")


def test_a_dead_gatepass_is_told_people_in_both_languages(tmp_path: Path) -> None:
    with back_end.running() as guarded, nginx.running(tmp_path / "nginx", free_port(), guarded.port) as front:
        for target in ("/console", "/console/", "/console/profile/", "/console/static/1/style.css", "/console/x.json"):
            for method in ("GET", "POST"):
                answer = ask(front, target, method=method, body=b"x")
                assert (answer.status, answer.headers["content-type"]) == (503, "text/html; charset=utf-8")
                assert (answer.headers["retry-after"], answer.headers["cache-control"]) == ("5", "no-store")
                said = answer.body.decode()
                assert "Please try again" in said and '<p lang="tr">' in said and "vermiyor" in said
    assert guarded.seen == []


def test_what_gatepass_says_of_its_own_failures_is_passed_on(tmp_path: Path) -> None:
    with back_end.running(503, {"X-Mine": "1"}) as gatepass:
        with nginx.running(tmp_path / "nginx", gatepass.port, free_port()) as front:
            answer = ask(front, "/console/")
    assert (answer.status, answer.headers["x-mine"]) == (503, "1")


def test_a_form_too_large_is_refused_on_a_page_up_to_a_limit(front: Nginx) -> None:
    for size, status in ((16_385, 413), (65_536, 413), (65_537, 413)):
        answer = ask(front, "/console/sign-in/", FORM, SAME, method="POST", body=b"x" * size)
        assert answer.status == status
        assert (b"That is too much text" in answer.body) is (size <= 65_536)


@pytest.mark.parametrize("target", ["/console/nothing", "/x/../console/x", "/console/..;/metrics", "/console/%00"])
def test_below_it_there_is_nothing_but_the_console(front: Nginx, site: Site, target: str) -> None:
    answer = ask(front, target)
    assert answer.status in (400, 404)
    assert answer.headers["content-type"].startswith("text/html")
    assert site.guarded.seen == []


def test_the_log_holds_no_cookie_no_form_and_no_query(front: Nginx) -> None:
    session = cookie(front)
    ask(front, "/console/?x=hunter2", session)
    assert [line["path"] for line in front.lines(2)] == ["/console/sign-in/", "/console/"]
    assert not any(secret in front.written() for secret in ("hunter2", session.partition("=")[2], "password=", NAME))
