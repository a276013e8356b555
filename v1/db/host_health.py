"""Asks a database server whether it can be used: a plain server, a node of Galera or a member of Group Replication."""

from dataclasses import dataclass
from typing import Final, Literal

from v1.db import statements
from v1.db.connection import Row, Run
from v1.db.error_numbers import LACKS_RIGHT
from v1.errors import DatabaseDown

Kind = Literal["server", "galera", "group"]
State = Literal["well", "donor", "read-only", "down"]

STATES: Final[tuple[State, ...]] = ("well", "donor", "read-only", "down")
"""From the best to the worst. A donor gives its rows to a node that joins, which may hold up writers."""

NOT_READY: Final = 1047
"""Galera's error number for a node that is outside its cluster. Used for a member of a group too."""

DONOR: Final = "2"
"""The value of wsrep_local_state."""


@dataclass(frozen=True)
class Health:
    """The state of a server, and the reason if it is not well."""

    state: State
    reason: str = ""


WELL: Final = Health("well")


def kind(run: Run) -> Kind:
    """What kind of server this is. Raises DatabaseDown."""
    found = {str(name): str(value) for name, value in _rows(run, "hosts.kind")}
    if found.get("wsrep_on") == "ON":
        return "galera"
    return "group" if found.get("group_replication_group_name") else "server"


def ask(run: Run, kind: Kind) -> Health:
    """The health of this server. Raises DatabaseDown."""
    health = {"server": _server, "galera": _galera, "group": _group}[kind](run)
    if health == WELL and _rows(run, "hosts.read_only")[0][0]:
        return Health("read-only", "the server is read-only")
    return health


def lacks_migration(run: Run) -> Health | None:
    """The health of a server whose tables are not those of this version; None if they are."""
    try:
        _rows(run, "hosts.migrated")
    except DatabaseDown as error:
        return Health("down", f"its tables are not migrated: {error.text}")
    return None


def read_causally(run: Run, kind: Kind) -> None:
    """From now on, every statement finds what other nodes had committed before it (docs/cluster.md)."""
    if kind != "server":
        _rows(run, "hosts.causal_galera" if kind == "galera" else "hosts.causal_group")


def refuse(health: Health) -> DatabaseDown:
    """The error of a server that is not ready."""
    return DatabaseDown(NOT_READY, f"the database host is not ready: {health.reason}", connecting=True)


def _server(run: Run) -> Health:
    return WELL


def _galera(run: Run) -> Health:
    found = {str(name): str(value) for name, value in _rows(run, "hosts.galera")}
    if found.get("wsrep_ready") != "ON":
        return Health("down", "wsrep_ready is OFF: the node is outside its cluster, or the cluster has no quorum")
    if found.get("wsrep_local_state") == DONOR:
        return Health("donor", "the node is a donor: it gives its rows to another node")
    return WELL


def _group(run: Run) -> Health:
    try:
        state, majority = _rows(run, "hosts.group")[0]
    except DatabaseDown as error:
        if error.number not in LACKS_RIGHT:
            raise
        return Health("down", "the account may not see whether this member of the group works; see sql/grants.sql")
    if state != "ONLINE":
        return Health("down", f"the group says that this member is {state}")
    return WELL if majority else Health("down", "this member of the group cannot reach most of the others")


def _rows(run: Run, name: str) -> list[Row]:
    return run(statements.load()[name].sql)
