"""The two ways of a token check agree: the worker's main loop, and gunicorn's parser on a thread.

Two services, of which one has no main loop that answers, get the same bytes on connections that stay open. Every byte
of their answers is compared but the date, and a request id that the service makes.
"""

import random
import re
import time
from collections import Counter
from collections.abc import Callable
from itertools import islice

from tests.conftest import Clock, Gunicorn, Service, add_user, build, environment
from tests.doors.kinds import KINDS, PHONE, mint, proof
from tests.e2e.check_workers import COUNT
from tests.e2e.nasty_heads import CASES, NastyHeads
from tests.e2e.two_ways import ask
from tests.fuzz import ALL, examples
from tools.private_server import Server
from v1.records import Principal
from v1.server.request import plain_check
from v1.tokens import issue, pairs
from v1.tokens.stream_grants import Grant
from v1.tokens.text import digest

SEED = random.randrange(10**9) if ALL else 13
LANES = 16
PLAIN = ("", "authorizations", "bytes", "connections", "long", "many", "request ids", "types")
"""What may be done to a head that stays plain."""

KEPT = {"KEEPALIVE_SECONDS": "600", "RECEIVE_SECONDS": "300", "VERIFY_KINDS": "mobile,jwt_access"}


def stream_token(service: Service, user: Principal, grant: Grant, seconds: int) -> str:
    """A stream token with these rights that ends in so many seconds."""
    core, now = service.core, int(service.clock())
    api = issue.api(core, user.user_id, "cameras", ("stream",), now - 3600, now + 3600)
    return issue.stream(core, user, proof(service, api), grant, now - 3600, now + seconds, PHONE).secret


def make_tokens(server: Server) -> dict[str, str]:
    """A token of each kind and state, as the text that is presented."""
    clock = Clock(int(time.time()))
    app = build(environment(server), clock)
    service = Service(app, app.test_client(), server, clock)
    core, now = service.core, clock.now
    owner, other = (Principal(add_user(server, name), name, 1, False) for name in ("admin", "gone"))
    found = {kind.partition(":")[2] or kind: mint(service, kind) for kind in KINDS}
    found["expired"] = issue.mobile(core, owner, PHONE, now - 10**8).secret
    found["expired jwt"] = pairs.issue_pair(core, owner, PHONE, (now - 10**7) * 1000)[0].secret
    found["revoked"] = mint(service, "mobile")
    found["of a disabled user"] = mint(service, "mobile", other.username)
    found["stream of all"] = stream_token(service, owner, Grant("cam1", True, True, True), 3600)
    found["stream of a time"] = stream_token(service, owner, Grant("cam1", False, True, True, now - 10**8, now), 3600)
    found["stream of a disabled user"] = stream_token(service, other, Grant("cam1", True), 3600)
    found["stream expired"] = stream_token(service, owner, Grant("cam1", True), -60)
    found["stream forged"] = found["stream of all"][:-4] + "AAAA"
    server.sql("UPDATE users SET password = CONCAT('!', password) WHERE username = 'gone'", "gatepass")
    found["in upper case"] = mint(service, "mobile")
    upper = f"UPDATE auth_tokens SET auth_key = UPPER(auth_key) WHERE auth_key = '{digest(found['in upper case'])}'"
    server.sql(upper, "gatepass")
    server.sql(f"DELETE FROM auth_tokens WHERE auth_key = '{digest(found['revoked'])}'", "gatepass")
    return found | {"unknown": "0" * 40, "short": "abc", "none": "", "not ASCII": "\xe9" * 40}


def test_the_main_loop_declines_or_answers_as_the_ordinary_way(
    database: Server, gunicorn: Callable[..., Gunicorn]
) -> None:
    tokens, number = make_tokens(database), examples(2 * len(CASES), 100_000)
    loop, ordinary = (
        gunicorn(database, GUNICORN_CMD_ARGS=f"--worker-class tests.e2e.check_workers.{worker}", **KEPT)
        for worker in ("CountingWorker", "OrdinaryWay")
    )
    heads = NastyHeads(random.Random(SEED), tokens)
    plain: Counter[str] = Counter()
    behind = 0
    for example, (answered, expected) in ask((loop, ordinary), islice(heads.examples(), number), LANES):
        if answered != expected:
            raise AssertionError(f"seed {SEED}: {example} is answered\n{answered!r}, not\n{expected!r}")
        behind += len(example.methods) - 1
        if plain_check.read(example.raw):
            plain.update(["all", example.head.token, example.nasty, answered[9:12].decode()])
    loop.stop()
    (counted,) = re.findall(f"{COUNT}([0-9]+)", loop.log.read_text())
    assert plain["all"] <= int(counted) <= plain["all"] + behind, "the main loop answers what is plain"
    assert plain["all"] > number / 3
    assert plain.keys() >= {*tokens, *PLAIN, "200", "204", "401", "403"}
