"""What the time of a refused login tells of the name: whether it exists, its tokens, its stored password.

Cost 4, one client, the kinds in random order. Every other cost only adds the same to all of them.
"""

import base64
import json
import random
import socket
import time
from itertools import combinations
from statistics import median
from urllib.parse import urlencode

from bench.client import receive
from bench.place import LOW_COST, PASSWORD, Place, add_user
from bench.processes import HOST
from bench.report import BenchError, Table, progress
from bench.stats import welch
from v1.passwords.hashes import Passwords

TARGET = 4.5
CUT = 5
"""Percent of the slowest that are left out."""

ADDRESS = "2001:db8::7"
TOKENS = 5000
TRIES = 1500
KINDS = {
    "unknown": "names-u",
    "wrong password": "names-w",
    f"wrong password, {TOKENS:,} live tokens": "names-t",
    "disabled": "names-d",
    "unreadable": "names-r",
}
THROTTLES = {"not throttled": "1000000", "throttled": "1"}
FORM = "application/x-www-form-urlencoded"


def measure(place: Place) -> list[Table]:
    """Every door at which a password is proved, with the throttle out of the way and in it."""
    _add_users(place)
    rows = []
    for throttled, limit in THROTTLES.items():
        limits = {f"THROTTLE_{key}": "1000000" for key in ("ADDRESS", "ACCOUNT", "EVERYONE")}
        delays = {"THROTTLE_DELAY_SECONDS": "3600", "THROTTLE_DELAY_MAX_SECONDS": "86400"}
        settings = {"APP_ENV": "development", "BCRYPT_COST": str(LOW_COST), "TRUSTED_PROXIES": "127.0.0.1/32"}
        with place.gatepass(THROTTLE_PAIR=limit, WORKERS="1", **limits, **delays, **settings) as (page, _):
            for door in DOORS:
                rows.append(_row(place, page.port, door, throttled))
        place.server.sql("DELETE FROM login_throttle", "gatepass")
    columns = ("door", "throttle", *(f"{kind}: median ms" for kind in KINDS), "largest \\|t\\|", "between")
    title = f"What a refused login tells by its time: {place.repeats(TRIES, 20):,} tries each, from {ADDRESS}"
    note = f"Welch's t between any two, the slowest {CUT} % cut; target: under {TARGET}."
    return [Table(title, columns, rows, [note])]


def _row(place: Place, port: int, door: str, throttled: str) -> tuple[str, ...]:
    repeats = place.repeats(TRIES, 20)
    order = [kind for kind in KINDS for _ in range(repeats)]
    random.shuffle(order)
    samples: dict[str, list[float]] = {kind: [] for kind in KINDS}
    with socket.create_connection((HOST, port), timeout=60) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for kind in [*KINDS] * 5:
            refused(connection, port, door, KINDS[kind])
        for number, kind in enumerate(order):
            if number % 500 == 0:
                progress(f"names: {door}, {throttled}: {number} of {len(order)}")
            samples[kind].append(refused(connection, port, door, KINDS[kind]))
    kept = {kind: sorted(sample)[: len(sample) * (100 - CUT) // 100] for kind, sample in samples.items()}
    found = {f"{one} / {other}": abs(welch(kept[one], kept[other])) for one, other in combinations(KINDS, 2)}
    worst = max(found, key=lambda pair: found[pair])
    return (door, throttled, *(f"{median(kept[kind]) * 1000:.3f}" for kind in KINDS), f"{found[worst]:.1f}", worst)


def refused(connection: socket.socket, port: int, door: str, name: str) -> float:
    """The seconds of one wrong guess. Raises BenchError if it is let in."""
    path, head, body = DOORS[door](name)
    raw = f"POST {path} HTTP/1.1\r\nHost: {HOST}:{port}\r\nUser-Agent: bench\r\nX-Forwarded-For: {ADDRESS}\r\n"
    raw += f"{head}Content-Length: {len(body)}\r\n\r\n{body}"
    started = time.perf_counter()
    connection.sendall(raw.encode())
    answer = receive(connection)
    seconds = time.perf_counter() - started
    if b"token" in answer.lower() or b"set-cookie" in answer.lower():
        raise BenchError(f"{door} was answered {answer[:600]!r}")
    return seconds


def _mobile(name: str) -> tuple[str, str, str]:
    return "/v1/oauth/", f"Content-Type: {FORM}\r\n", urlencode({"username": name, "password": "wrong"})


def _devicehive(name: str) -> tuple[str, str, str]:
    return "/token", "Content-Type: application/json\r\n", json.dumps({"login": name, "password": "wrong"})


def _apiops(name: str) -> tuple[str, str, str]:
    basic = base64.b64encode(f"{name}:wrong".encode()).decode()
    head = f"Content-Type: {FORM}\r\nAuthorization: Basic {basic}\r\n"
    return "/apiops/auth/token", head, "grant_type=client_credentials"


def _console(name: str) -> tuple[str, str, str]:
    head = f"Content-Type: {FORM}\r\nSec-Fetch-Site: same-origin\r\n"
    return "/console/sign-in/", head, urlencode({"username": name, "password": "wrong"})


DOORS = {"mobile": _mobile, "devicehive": _devicehive, "apiops": _apiops, "console": _console}


def _add_users(place: Place) -> None:
    stored = Passwords(LOW_COST).hash(PASSWORD)
    _, wrong, tokens, disabled, unreadable = KINDS.values()
    for name, row in ((wrong, stored), (tokens, stored), (disabled, b"!" + stored), (unreadable, b"no hash at all")):
        add_user(place.server, name, row)
    columns = "auth_key, user_id, creation_time, expiry, last_access, device_info, remote_ip"
    values = "SHA1(CONCAT('names', seq)), id, 0, 4000000000, 0, 'x', CONCAT('2001:db8:1::', HEX(seq))"
    rows = f"SELECT {values} FROM users, seq_1_to_{TOKENS} WHERE username = '{tokens}'"
    place.server.sql(f"INSERT INTO auth_tokens ({columns}) {rows}", "gatepass")
