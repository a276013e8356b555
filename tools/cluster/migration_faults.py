"""Changes of a large table under load on Galera: for how long nobody can write, by each way of doing it."""

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from tools.cluster import gatepass
from tools.cluster.cluster import Cluster
from tools.cluster.databases import DatabaseNode
from tools.cluster.fault_list import Round, named, well_again
from tools.cluster.processes import ClusterError
from tools.private_server import DATABASE, ServerError

ROWS: Final = 200_000
BATCH: Final = 20_000
TRIES: Final = 20

FILL: Final = """
INSERT INTO auth_tokens (auth_key, user_id, creation_time, expiry, last_access, device_info)
SELECT LEFT(SHA2(CONCAT('{number} ', seq), 256), 40), 1, UNIX_TIMESTAMP(), UNIX_TIMESTAMP() + 864000, 0, 'filler'
FROM seq_1_to_{batch}
"""

REBUILD: Final = "ALTER TABLE auth_tokens FORCE"
INSTANT: Final = "ALTER TABLE auth_tokens ADD COLUMN probe INT NOT NULL DEFAULT 0, ALGORITHM=INSTANT"


def fill(cluster: Cluster) -> None:
    """Make the table of tokens a large one."""
    node = cluster.databases[0]
    for number in range(ROWS // BATCH):
        if int(node.sql("SELECT COUNT(*) FROM auth_tokens", DATABASE)) < ROWS:
            node.sql(FILL.format(number=f"{time.time()} {number}", batch=BATCH), DATABASE)


def fill_without_key(cluster: Cluster) -> None:
    """The same, and take an index away, so that the migration has something to do."""
    fill(cluster)
    cluster.databases[0].sql("ALTER TABLE auth_tokens DROP KEY IF EXISTS expiry_key", DATABASE)


def migrate(at: Round) -> str:
    """`gatepass db migrate` adds an index to a table of 200,000 tokens (total order isolation)"""
    started = time.monotonic()
    gatepass.migrate(at.cluster.settings, at.cluster.migrate_url)
    assert "expiry_key" in at.database.sql("SHOW CREATE TABLE auth_tokens", DATABASE)
    return f"took {time.monotonic() - started:.1f} s; {well_again(at.cluster)}"


def rebuild_table(at: Round) -> str:
    """ALTER TABLE .. FORCE rebuilds a table of 200,000 tokens (total order isolation)"""
    return f"took {_timed(lambda: at.database.sql(REBUILD, DATABASE))}; {well_again(at.cluster)}"


def rebuild_rolling(at: Round) -> str:
    """the same rebuild, node by node (wsrep_OSU_method=RSU)"""
    took = [_timed(lambda: _rebuild_alone(node)) for node in at.cluster.databases]
    return f"took {', '.join(took)}; {well_again(at.cluster)}"


def _rebuild_alone(node: DatabaseNode) -> str:
    """Rebuild the table on this node. The ALTER holds up the commits of the node itself, and waits for their locks: so
    it must give up soon, and try again when Gatepass has gone to another node."""
    for _ in range(TRIES):
        with suppress(ServerError):
            return node.sql(f"SET SESSION wsrep_OSU_method = 'RSU', lock_wait_timeout = 2; {REBUILD}", DATABASE)
    raise ClusterError(f"the table was not rebuilt on {node.program.name}")


def add_column(at: Round) -> str:
    """ALTER TABLE .. ADD COLUMN, ALGORITHM=INSTANT (total order isolation)"""
    took = _timed(lambda: at.database.sql(INSTANT, DATABASE))
    at.database.sql("ALTER TABLE auth_tokens DROP COLUMN probe, ALGORITHM=INSTANT", DATABASE)
    return f"took {took}; {well_again(at.cluster)}"


def _timed(statement: Callable[[], str]) -> str:
    started = time.monotonic()
    statement()
    return f"{time.monotonic() - started:.2f} s"


MIGRATIONS: Final = named(migrate, rebuild_table, rebuild_rolling, add_column)

BEFORE: Final[dict[str, Callable[[Cluster], None]]] = {
    "migrate": fill_without_key,
    "rebuild-table": fill,
    "rebuild-rolling": fill,
    "add-column": fill,
}
"""What is prepared without load, by the name of the fault."""
