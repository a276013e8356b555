"""Names a browser for the list of devices: `Firefox, Windows` in place of its long User-Agent."""

from typing import Final

from flask import Request

from v1.auth.core import Core
from v1.doors.client import DEVICE_CHARACTERS, client
from v1.records import Client

BROWSERS: Final = (
    *(("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("FxiOS", "Firefox")),
    *(("Firefox", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari")),
)
"""A mark in the User-Agent, and the browser's name. The first match counts, because most browsers also say Chrome."""

SYSTEMS: Final = (
    *(("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("CrOS", "ChromeOS")),
    *(("Mac OS X", "macOS"), ("Linux", "Linux")),
)
"""The same for operating systems."""


def client_of(core: Core, request: Request) -> Client:
    """The caller, as stored with a token. The name of the device is that of the browser."""
    caller = client(core, request)
    device = name(caller.user_agent)[:DEVICE_CHARACTERS]
    return client(core, request, device) if device else caller


def name(user_agent: str) -> str:
    """The browser and the system; the whole User-Agent if the browser is unknown."""
    browser = next((browser for mark, browser in BROWSERS if mark in user_agent), "")
    system = next((system for mark, system in SYSTEMS if mark in user_agent), "")
    return ", ".join(filter(None, (browser, system))) if browser else user_agent
