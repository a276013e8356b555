"""Reads what is stored about a caller: device name, User-Agent and address, none longer than its column."""

from flask import Request

from v1.auth import guard
from v1.auth.core import Core
from v1.errors import MalformedRequest
from v1.observe import logs
from v1.records import Client
from v1.wire import latin1

DEVICE_CHARACTERS = 200
USER_AGENT_CHARACTERS = 255


def client(core: Core, request: Request, device_info: str | None = None, field: str = "device-info") -> Client:
    """The caller, as stored with a token. `device_info` is the device name if the wire has a `field` for it. With None
    the User-Agent is the device name.

    Raises MalformedRequest for a device name that is too long. A User-Agent is cut to its column.
    """
    user_agent = logs.masked(latin1.decode_utf8_or_latin1(request.headers.get("User-Agent", "").encode("latin1")))
    if device_info is None:
        device_info = user_agent[:DEVICE_CHARACTERS] or "Unknown"
    if len(device_info) > DEVICE_CHARACTERS:
        raise MalformedRequest(f"{field} may have at most {DEVICE_CHARACTERS} characters.", (field,))
    address = guard.client_address(request.environ, core.settings.trusted_proxies)
    return Client(device_info, address, user_agent[:USER_AGENT_CHARACTERS])
