"""Owns what a browser is called in a list of devices: `Firefox, Windows` in place of its long User-Agent."""

from typing import Final

from flask import Request

from v1.auth.core import Core
from v1.doors.client import DEVICE_CHARACTERS, client
from v1.records import Client

BROWSERS: Final = (
    *(("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("FxiOS", "Firefox")),
    *(("Firefox", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari")),
)
"""What is found in a User-Agent, and whose that is: the first that is there, as most call themselves Chrome too."""

SYSTEMS: Final = (
    *(("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("CrOS", "ChromeOS")),
    *(("Mac OS X", "macOS"), ("Linux", "Linux")),
)


def of(core: Core, request: Request) -> Client:
    """The caller, as they are kept beside what they are given."""
    caller = client(core, request)
    device = name(caller.user_agent)[:DEVICE_CHARACTERS]
    return client(core, request, device) if device else caller


def name(user_agent: str) -> str:
    """Browser and system; the User-Agent itself if it is of no browser known here."""
    browser = next((called for mark, called in BROWSERS if mark in user_agent), "")
    system = next((called for mark, called in SYSTEMS if mark in user_agent), "")
    return ", ".join(filter(None, (browser, system))) if browser else user_agent
