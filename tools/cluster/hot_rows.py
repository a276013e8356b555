"""Rows that every node wants to change at the same moment: names of personal tokens, and the last use of a token."""

import json
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Final
from urllib.parse import urlencode

from tools.cluster import http_client
from tools.cluster.cluster import Cluster
from tools.cluster.gatepass import PORT
from tools.cluster.load import PASSWORD, check, log_in

NAMES: Final = 100
USER: Final = "load0"
ROUNDS, PAUSE = 10, 2.0
"""Write-behind notes the last use of a token within a second."""

TWINS: Final = """
SELECT COUNT(*) FROM (SELECT name FROM auth_tokens WHERE kind = 'personal' GROUP BY name HAVING COUNT(*) > 1) AS twins
"""
STALE: Final = "UPDATE auth_tokens SET last_access = UNIX_TIMESTAMP() - 3600 WHERE kind = 'mobile'"


def same_names(cluster: Cluster) -> tuple[Counter[int], int]:
    """Ask every node at once for a token of one name, for many names: the statuses, and the number of twins."""
    form = urlencode({"grant_type": "client_credentials", "client_id": USER, "client_secret": PASSWORD})
    addresses = [(node.address, PORT) for node in cluster.gatepasses]
    manager = json.loads(http_client.ask(addresses[0], "POST", "/apiops/auth/token", form=form).body)["access_token"]
    found: Counter[int] = Counter()
    with ThreadPoolExecutor(len(addresses)) as pool:
        for number in range(NAMES):
            wanted = json.dumps({"name": f"name{number}", "expires": "never"})
            given = ("POST", "/apiops/tokens/", manager, wanted)
            asked = [pool.submit(http_client.ask, each, *given) for each in addresses]
            found.update(each.result().status for each in asked)
    return found, int(cluster.databases[0].sql(TWINS, "gatepass"))


def same_tokens(cluster: Cluster) -> Counter[int]:
    """Check the same tokens at every node at once, each time as if they had not been used for an hour: the statuses."""
    addresses = [(node.address, PORT) for node in cluster.gatepasses]
    tokens = [log_in(addresses[0], USER)[1] for _ in range(8)]
    found: Counter[int] = Counter()
    with ThreadPoolExecutor(8) as pool:
        for _ in range(ROUNDS):
            cluster.databases[0].sql(STALE, "gatepass")
            asked = [pool.submit(check, each, token) for token in tokens for each in addresses]
            found.update(each.result().status for each in asked)
            time.sleep(PAUSE)
    return found
