"""The database servers on which Gatepass is run and tested. The variable ENGINE chooses one."""

import os
from collections.abc import Mapping
from typing import Final

from tools import private_mariadb, private_mysql
from tools.private_server import Engine, ServerError

ENGINES: Final = {"mariadb": private_mariadb.ENGINE, "mysql": private_mysql.ENGINE}


def chosen(environ: Mapping[str, str] = os.environ) -> Engine:
    """The engine that ENGINE names, MariaDB by default. Raises ServerError for another value."""
    name = environ.get("ENGINE") or "mariadb"
    if name not in ENGINES:
        raise ServerError(f"ENGINE must be {' or '.join(ENGINES)}, not {name!r}")
    return ENGINES[name]
