"""What the tables of docs/errors.md say of each error: when a door answers it, and what the caller should do."""

from tools.generate.errors import Table
from tools.generate.rows.apiops import APIOPS
from tools.generate.rows.console import CONSOLE, OTHER
from tools.generate.rows.devicehive import DEVICEHIVE
from tools.generate.rows.media import RPC, STREAM
from tools.generate.rows.mobile import MOBILE, RFC

TABLES: dict[str, Table] = {
    "mobile-errors": MOBILE,
    "rfc-errors": RFC,
    "rpc-errors": RPC,
    "stream-statuses": STREAM,
    "devicehive-errors": DEVICEHIVE,
    "apiops-errors": APIOPS,
    "console-statuses": CONSOLE,
    "other-errors": OTHER,
}
"""Each table by the name in its marker."""
