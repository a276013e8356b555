"""Request smuggling, directly and through nginx: a login that hides in another request is never answered."""

import json
import random
from collections import Counter
from contextlib import suppress

from tests.conftest import Gunicorn, add_user
from tests.e2e import wire
from tests.e2e.back_end import BackEnd
from tests.e2e.nginx import Nginx, Site, ask, bearer, log_in
from tests.e2e.rfc_framing import end_of_request
from tests.e2e.smuggling import HIDDEN, Payload, payloads
from tests.fuzz import examples
from tools.private_server import Server

SETTINGS = {"RECEIVE_SECONDS": "300"}
"""No answer is that of a client who stalled."""

END = b"\r\n\r\n0\r\n\r\nGET /v1/nothing HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
"""Behind each payload: it ends the bodies that a server still waits for, and then the connection."""

ALL = list(payloads())
TWO = [payload for payload in ALL if payload.is_two]
SOME = [*TWO, *random.Random(16).sample(ALL, examples(400, of=len(ALL)))]
TOKEN = b"access_token"
LOGINS = "SELECT COUNT(*) FROM auth_tokens"


def answers(service: Gunicorn, payload: Payload) -> bytes:
    """All that comes back for a payload, until the service hangs up."""
    with wire.connect(service) as client:
        with suppress(BrokenPipeError, ConnectionResetError):
            client.sendall(payload.raw + END)
        return wire.rest_of(client)


def is_two(payload: Payload) -> bool:
    """Does RFC 9112 itself say that the login is a request of its own?"""
    return end_of_request(payload.raw + END) == payload.raw.index(HIDDEN)


def test_a_hidden_login_is_answered_only_where_it_is_a_request_of_its_own(running: Gunicorn, database: Server) -> None:
    answered = 0
    for payload in SOME:
        received = answers(running, payload)
        assert received.count(TOKEN) <= is_two(payload), (payload, received)
        assert received.count(TOKEN) or not payload.is_two, (payload, received)
        answered += received.count(TOKEN)
    assert int(database.sql(LOGINS, "gatepass")) == answered >= len(TWO)


def posts(log: str) -> Counter[str]:
    """How often each request id is in a log of nginx or Gatepass, with a POST."""
    lines = [json.loads(line) for line in log.splitlines() if '"POST"' in line]
    return Counter(line["request_id"] for line in lines if "status" in line)


def test_through_nginx_gatepass_sees_no_request_that_nginx_has_not_seen(
    site: Site, front: Nginx, guarded: BackEnd, database: Server
) -> None:
    add_user(database, "victim")
    victim = bearer(log_in(front, name="victim"))
    for payload in SOME:
        received = answers(front, payload)
        assert received.count(TOKEN) <= 1, (payload, received)
        check = ask(front, "/v1/verify/", victim)
        assert (check.status, check.headers.get("x-auth-username")) == (200, "victim"), (payload, check)
        page = ask(front, "/page", victim)
        assert page.status == 200 and guarded.seen.pop().values("X-Auth-Username") == ["victim"], payload
        assert guarded.seen == [], (payload, guarded.seen)
    front.lines(1)
    seen, served = (posts(log.read_text()) for log in (front.log, site.gatepass.log))
    assert served["smuggled"] <= seen["smuggled"] and served["smuggled"] >= len(TWO)
    assert not served - seen, "a request that nginx has not seen"
