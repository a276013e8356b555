"""What the tables of errors share: columns, sentences, and one error of each class that has values."""

from typing import Final

from v1.errors import Busy, DatabaseDown, Throttled, WrongCredentials, WrongMethod

WRONG: Final = WrongCredentials("password")
WRONG_METHOD: Final = WrongMethod("/", ("POST",))
DOWN: Final = DatabaseDown(0, "")
BUSY: Final = Busy()
THROTTLED: Final = Throttled(1)

STATUS: Final = {"status": "status", "when": "when"}
ERROR: Final = {"error": "error", **STATUS}

WAIT: Final = "wait for `Retry-After` seconds"
LATER: Final = f"the database cannot be reached, or more logins than can be hashed in time; {WAIT}"
TOO_MANY: Final = f"too many failed logins; {WAIT}"
UNFORESEEN: Final = "an error nobody foresaw"
LOGGED: Final = f"{UNFORESEEN}; the log line with the same request id has its place"
