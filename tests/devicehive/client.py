"""What a program does with the PyPI client `devicehive`: a call in each line of its input, its outcome in a line.

It runs by itself, as what the client warns of is nothing to the suite. A call is `[url, options, name, arguments]`.
"""

import json
import sys
from typing import Any

from devicehive import ApiResponseError, DeviceHive, DeviceHiveApi, Handler, TransportError
from devicehive.api import Api
from devicehive.user import User


class WithOldToken(Handler):
    """Asks who it is with an access token that may be no good any more, and the refresh token to get another."""

    def __init__(self, api: Api, tokens: dict[str, str]) -> None:
        super().__init__(api)
        self.tokens, self.found = tokens, {}

    def handle_connect(self) -> None:
        by = Api(self.api.transport, self.tokens)
        self.found = {"user": shown(by.get_current_user()), "access_token": by.token.access_token}
        self.api.disconnect()


def call(url: str, options: dict[str, Any], name: str, arguments: dict[str, Any]) -> Any:
    """What the client's method of this name returns."""
    if name == "with_old_token":
        hive = DeviceHive(WithOldToken, arguments)
        hive.connect(url, **options)
        return hive.handler.found
    return shown(getattr(DeviceHiveApi(url, **options), name)(**arguments))


def shown(found: Any) -> Any:
    """A user as an object of JSON; anything else as it is."""
    names = ("id", "login", "role", "status", "last_login", "data", "intro_reviewed", "all_device_types_available")
    return {name: getattr(found, name) for name in names} if isinstance(found, User) else found


def outcome(line: str) -> dict[str, Any]:
    """What came of a call: what it found, or the error that the client raised, in its words."""
    try:
        return {"found": call(*json.loads(line))}
    except ApiResponseError as error:
        return {"code": error.code, "error": error.error, "said": str(error)}
    except TransportError as error:
        return {"code": 0, "error": "", "said": str(error)}


if __name__ == "__main__":
    for each in sys.stdin:
        print(json.dumps(outcome(each)), flush=True)
