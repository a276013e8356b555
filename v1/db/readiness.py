"""Tells whether the service can work: the database answers, the tables are migrated, and rows can be written."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from v1.db import host_health, migrations, statements
from v1.db.connection import Run
from v1.db.error_numbers import LACKS_RIGHT
from v1.db.hosts import HostState
from v1.db.migrations import Obstacle
from v1.db.unpooled import unpooled_connection
from v1.errors import DatabaseDown
from v1.observe import metrics
from v1.settings import Settings
from v1.settings.database_url import DatabaseUrl

WARN_FROM: Final = 0.8
"""A column is warned about from this share of used ids on. At 100 tokens a second an INT then lasts 50 days more."""

CLOCK_SECONDS: Final = 5
"""A difference between the clocks of this machine and the database's is warned about from so many seconds on."""

PROBES: Final = {
    "read users": "readiness.read_users",
    "read tokens": "readiness.read_auth_tokens",
    "read failed logins": "readiness.read_login_throttle",
    "read login counts": "readiness.read_login_stats",
    "read profiles": "readiness.read_profiles",
    "read the words of profiles": "readiness.read_profile_words",
    "read the activity log": "readiness.read_events",
    "read counts": "readiness.read_counts",
    "add a token": "readiness.insert_token",
    "change a token": "readiness.update_token",
    "revoke a token": "readiness.delete_token",
    "count a failed login": "readiness.count_failure",
    "forget failed logins": "readiness.clear_failures",
    "add to the activity log": "readiness.add_event",
}
"""What the service must be able to do, and the statement that tries it. No statement changes a row."""


@dataclass(frozen=True)
class State:
    """What an operator should know: the problems stop the service now, the warnings will stop it later."""

    problems: list[str]
    warnings: list[str]
    hosts: list[dict[str, object]] = field(default_factory=list)
    """The state of each database host, if there are several."""


def check(settings: Settings, hosts: Sequence[HostState] = ()) -> State:
    """Ask the database. Without problems in the answer the service is ready.

    `hosts`: if there are several, the host that is used is asked, and the state of each becomes a part of the answer.
    """
    url, described = settings.database_url, [_host(each) for each in hosts] if len(hosts) > 1 else []
    if described:
        used_first = sorted(hosts, key=lambda each: not each.used)
        url = replace(url, hosts=tuple(each.host for each in used_first))
    return replace(_state(settings, url), hosts=described)


def _state(settings: Settings, url: DatabaseUrl) -> State:
    seconds = settings.database_query_seconds
    try:
        with unpooled_connection(url, settings.database_connect_seconds, seconds) as run:
            health = host_health.ask(run, host_health.kind(run))
            if health.state == "down":
                return State([f"the database host is not ready: {health.reason}"], [])
            tables = {str(row[0]) for row in run(statements.load()["migration.tables"].sql)}
            found = [f"run `gatepass db migrate`: {change.step} is due" for change in migrations.due(run, tables)]
            found += [_described(each) for each in migrations.obstacles_of_kinds(run, "lack", "unfit")]
            warnings = [_described(each) for each in migrations.obstacles_of_kinds(run, "caution")] + _used_up_ids(run)
            _observe_purge(run)
            warnings += [health.reason] if health.state == "donor" else []
            return State(found or _failed_probes(run), warnings + clock_difference(run))
    except DatabaseDown as error:
        return State([f"database error {error.number}: {error.text}"], [])


def _failed_probes(run: Run) -> list[str]:
    found = []
    for what, name in PROBES.items():
        try:
            run(statements.load()[name].sql)
        except DatabaseDown as error:
            hint = "; see sql/grants.sql" if error.number in LACKS_RIGHT else ""
            found.append(f"the service cannot {what}: database error {error.number}: {error.text}{hint}")
            if not hint:
                break
    return found


def _host(state: HostState) -> dict[str, object]:
    reason = {"reason": state.health.reason} if state.health.reason else {}
    return {"host": str(state.host), "state": state.health.state, "used": state.used, **reason}


def clock_difference(run: Run, now: Callable[[], float] = time.time) -> list[str]:
    """A warning if the clocks of this machine and of the database's differ. `now` returns Unix seconds."""
    before = now()
    database = float(run(statements.load()["readiness.clock"].sql)[0][0])
    ahead = before - database if before > database else min(0.0, now() - database)
    if abs(ahead) < CLOCK_SECONDS:
        return []
    word = "ahead of" if ahead > 0 else "behind"
    return [f"the clock of this machine is {abs(ahead):.0f} s {word} the database's: set both by NTP (docs/cluster.md)"]


def _used_up_ids(run: Run) -> list[str]:
    """A warning for each column whose ids are nearly used up. Sets the metric of all columns."""
    shares = {str(column): float(share) for column, share in sorted(run(statements.load()["readiness.used_ids"].sql))}
    for column, share in shares.items():
        metrics.ids_used.labels(column).set(share)
    return [
        f"{share:.1%} of the numbers of {column} are used up: make the column BIGINT before they end"
        for column, share in shares.items()
        if share >= WARN_FROM
    ]


def _observe_purge(run: Run) -> None:
    """Set the metric that tells whether the purge runs."""
    rows = run(statements.load()["readiness.oldest_expired"].sql)
    metrics.oldest_expired.set(float(rows[0][0]) if rows else 0)


def _described(obstacle: Obstacle) -> str:
    return f"{obstacle.about}: " + ", ".join(".".join(str(value) for value in row[:2]) for row in obstacle.rows)
