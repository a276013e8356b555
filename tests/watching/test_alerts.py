"""The alerts of config/prometheus: each fires when it should, and does not when it should not."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.watching.rules import ALERTS, check_firing

NODE = 'job="gatepass", instance="a:8000"'
UP = f"up{{{NODE}}}"
N = 480
"""Values in each series: four hours."""


def named(metric: str, **labels: str) -> str:
    """A series of one node."""
    more = "".join(f', {name}="{value}"' for name, value in labels.items())
    return f"gatepass_{metric}{{{NODE}{more}}}"


def requests(route: str, status: int) -> str:
    return named("request_seconds_count", route=route, status=str(status))


def bucket(route: str, le: str) -> str:
    return named("request_seconds_bucket", route=route, status="200", le=le)


def logins(outcome: str) -> str:
    return named("logins_total", door="oauth", outcome=outcome)


def checks(outcome: str) -> str:
    return named("token_checks_total", outcome=outcome)


def host(name: str) -> str:
    return named("database_host_state", host=name)


READY, NOT_READY = requests("/readyz", 200), requests("/readyz", 503)
VERIFY, LOGIN = "/v1/verify/", "/v1/oauth/"
WAITING, EXPIRED = named("write_behind_waiting"), named("oldest_expired_token_seconds")
IDS, ERRORS = named("ids_used_ratio", column="users.id"), named("database_errors_total", number="1205")
HASHING, ON_THREADS = named("hash_waiting"), named("requests_on_threads")
CONNECTIONS, STARTED = named("connections"), named("worker_started_seconds")
ATTACK, THROTTLED = named("login_attack_last_seconds"), named("logins_throttled_total", key="pair")

WELL = {
    UP: f"1x{N}",
    READY: f"0+2x{N}",
    NOT_READY: f"3x{N}",
    requests(VERIFY, 200): f"0+300x{N}",
    requests(VERIFY, 503): f"0+1x{N}",
    **{bucket(VERIFY, le): f"0+{rise}x{N}" for le, rise in (("0.025", 250), ("0.05", 299), ("0.1", 300))},
    bucket(VERIFY, "+Inf"): f"0+300x{N}",
    **{bucket(LOGIN, le): f"0+{rise}x{N}" for le, rise in (("0.5", 25), ("1", 30), ("2.5", 30), ("+Inf", 30))},
    **{host("db1"): f"0x{N}", host("db2"): f"0x{N}"},
    ERRORS: f"0+1x{N}",
    **{logins("ok"): f"0+300x{N}", logins("failed"): f"0+30x{N}", logins("busy"): f"0+3x{N}"},
    **{logins("throttled"): f"0+3x{N}", logins("error"): f"0+1x{N}"},
    **{checks("ok"): f"0+300x{N}", checks("error"): f"0+1x{N}"},
    **{WAITING: f"0x{N}", EXPIRED: f"80000x{N}", IDS: f"0.7x{N}", HASHING: "0 3 " * (N // 2)},
    **{ON_THREADS: f"20x{N}", named("threads"): f"48x{N}"},
    **{CONNECTIONS: f"1500x{N}", named("connections_limit"): f"2000x{N}"},
    **{STARTED: f"0x{N}", ATTACK: f"-9999x{N}", THROTTLED: f"0+3x{N}"},
}
"""A service under an ordinary load, close to the limits."""

MANY = 3200
"""Values for more than a day."""

Changes = Mapping[str, str]

FIRES: list[tuple[str, Changes]] = [
    ("GatepassDown", {UP: f"1x200 0x{N}"}),
    ("GatepassNotReady", {READY: f"0+2x220 440x{N}", NOT_READY: f"0x220 0+2x{N}"}),
    ("GatepassReadinessNotAsked", {READY: f"9x{N}"}),
    ("GatepassRestarts", {STARTED: f"0x200 1 2 3 4 5x{N}"}),
    ("GatepassDatabaseHostDown", {host("db2"): f"0x200 3x{N}"}),
    ("GatepassNoDatabaseHost", {host("db1"): f"2x{N}", host("db2"): f"2x{N}"}),
    ("GatepassDatabaseErrors", {ERRORS: f"0+6x{N}"}),
    ("GatepassWriteBehindLate", {WAITING: f"0x200 5x{N}"}),
    ("GatepassPurgeMissed", {EXPIRED: f"180000x{N}"}),
    ("GatepassIdsRunOut", {IDS: f"0.81x{N}"}),
    ("GatepassServerErrors", {requests(VERIFY, 503): f"0+4x{N}"}),
    ("GatepassServerErrors", {requests("/v1/sessions/", 500): f"0+4x{N}"}),
    ("GatepassLoginErrors", {logins("error"): f"0+5x{N}"}),
    ("GatepassCheckErrors", {checks("error"): f"0+4x{N}"}),
    ("GatepassChecksSlow", {bucket(VERIFY, "0.05"): f"0+290x{N}"}),
    ("GatepassChecksSlow", {bucket("/stream/check", le): f"0+900x{N}" for le in ("0.25", "+Inf")}),
    ("GatepassLoginsSlow", {bucket(LOGIN, "1"): f"0+29x{N}"}),
    ("GatepassLoginsSlow", {bucket("/api/rest/token", le): f"0+30x{N}" for le in ("2.5", "+Inf")}),
    ("GatepassLoginsBusy", {logins("busy"): f"0+30x{N}"}),
    ("GatepassHashingQueue", {HASHING: f"0x200 1x{N}"}),
    ("GatepassThreadsBusy", {ON_THREADS: f"20x220 48x{N}"}),
    ("GatepassConnectionsNearLimit", {CONNECTIONS: f"1700x{N}"}),
    ("GatepassAttack", {ATTACK: f"-9999x200 6000+30x{N}"}),
    ("GatepassThrottleRises", {THROTTLED: f"0+3x180 540+30x{N}"}),
    ("GatepassLoginsFail", {logins("ok"): f"0+2x{N}", logins("failed"): f"0+30x{N}", **{
        logins(outcome): f"0x{N}" for outcome in ("busy", "error")}}),
]
"""What makes an alert fire two hours after the beginning, alone."""

QUIET: list[tuple[str, Changes]] = [
    ("all is well", {}),
    ("one scrape failed", {UP: f"1x238 0x2 1x{N}"}),
    ("one host alone, of which a worker has not noticed that it is back", {host("db1"): f"3x{N}", host("db2"): ""}),
    ("a host that was out for a minute", {host("db2"): f"0x239 3x2 0x{N}"}),
    ("a donor", {host("db1"): f"1x{N}"}),
    ("one node of a balancer's questions was told 503", {NOT_READY: f"0x230 0+1x{N}"}),
    ("a restart and a reload", {STARTED: f"0x200 1x5 2 3x{N}"}),
    ("a write that failed once", {WAITING: f"0x236 5 5 5 0x{N}"}),
    ("the purge is a day late", {EXPIRED: f"150000x{N}"}),
    ("/readyz says 503 at times", {requests("/readyz", 503): f"0+1x{N}"}),
    ("a burst of logins", {HASHING: f"0x236 9x4 0x{N}", logins("busy"): f"0x236 0 99 99x{N}"}),
    ("a page that is slow", {bucket("/console/", le): f"0+30x{N}" for le in ("10", "+Inf")}),
    ("an attack that is over", {ATTACK: f"6000x{N}"}),
    ("few failures and no good login", {logins("ok"): "", logins("failed"): f"0+1x{N}", logins("busy"): f"0x{N}",
                                        logins("error"): f"0x{N}", logins("throttled"): f"0x{N}"}),
    ("all connections for a moment", {CONNECTIONS: f"1500x238 2000x4 1500x{N}", ON_THREADS: f"20x238 60x4 20x{N}"}),
]  # fmt: skip


@pytest.mark.parametrize("name, changes", FIRES, ids=[name for name, _ in FIRES])
def test_an_alert_fires_alone(tmp_path: Path, name: str, changes: Changes) -> None:
    check_firing(tmp_path, _series(changes), 120, [name])


@pytest.mark.parametrize("changes", [changes for _, changes in QUIET], ids=[name for name, _ in QUIET])
def test_nothing_fires(tmp_path: Path, changes: Changes) -> None:
    check_firing(tmp_path, _series(changes), 120, [])


def test_without_any_node_it_is_told(tmp_path: Path) -> None:
    until_the_tenth_minute = {UP: "1x20", READY: "0+2x20"}
    check_firing(tmp_path, until_the_tenth_minute, 22, ["GatepassNotScraped"])
    check_firing(tmp_path, until_the_tenth_minute, 18, [])


def test_many_refusals_of_every_day_are_no_rise(tmp_path: Path) -> None:
    steady = {name: values.replace(f"x{N}", f"x{MANY}") for name, values in WELL.items()}
    check_firing(tmp_path, {**steady, HASHING: f"0x{MANY}", THROTTLED: f"0+30x{MANY}"}, 26 * 60, [])


def test_every_alert_is_tried() -> None:
    assert {name for name, _ in FIRES} | {"GatepassNotScraped"} == ALERTS.keys()


def _series(changes: Changes) -> dict[str, str]:
    """An ordinary load with these changes. A series without values is left out."""
    return {name: values for name, values in {**WELL, **changes}.items() if values}
