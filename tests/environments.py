"""What the programs of the tests find around them: the checkout, its commands, their settings, and a key."""

import os
import sys
from pathlib import Path

from tests import secrecy
from tools.private_server import Server
from v1.tokens import jwt

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent

UNTHROTTLED = {f"THROTTLE_{key}": "0" for key in ("PAIR", "ADDRESS", "ACCOUNT", "EVERYONE")}
"""No limit on guessing, as most tests come from one address. Those of the throttle say what they want."""

TOKEN_KEY = "the key of the tests which is no secret"
KEYS = jwt.keys((TOKEN_KEY.encode(),), None)


def environment(server: Server, database: str = "gatepass", **settings: str) -> dict[str, str]:
    """What a process needs to run on this database: development and the lowest cost, unless said otherwise."""
    base = {"DATABASE_URL": server.url(database=database), "APP_ENV": "development", "BCRYPT_COST": "4"}
    base["MIGRATE_DATABASE_URL"] = server.url("gatepass_migrate", database)
    base["TOKEN_KEYS"] = TOKEN_KEY
    # A slow machine reaches none of these. A test that waits for one has it short: `faults.SOON`.
    base |= {"DATABASE_CONNECT_SECONDS": "60", "DATABASE_QUERY_SECONDS": "60"}
    secrecy.learn(server.password)
    secrecy.learn(TOKEN_KEY)
    return {"PATH": os.environ["PATH"], "PYTHONWARNINGS": "error", **UNTHROTTLED, **base, **settings}
