"""The command that a person can try a new personal token with."""

import re
from typing import Final

PATH: Final = "/apiops/test/hello/world"
"""What the command asks for. The answer is `Hello world`."""

_HOST: Final = re.compile(r"[A-Za-z0-9.-]{1,253}(:\d{1,5})?|\[[0-9A-Fa-f:.]{2,45}\](:\d{1,5})?", re.ASCII)
"""A host and port that mean nothing else to a shell."""


def command(host: str, development: bool) -> str:
    """A command for bash and zsh that asks for the token: so it stands neither in the shell's history nor in the list
    of processes. It is one line, because `read` would take a second line for the token."""
    url = f"{'http' if development else 'https'}://{host if _HOST.fullmatch(host) else 'HOST'}{PATH}"
    ask = "printf 'Token: '; read -rs GATEPASS_TOKEN; echo"
    return f"{ask}; printf 'Authorization: Bearer %s' \"$GATEPASS_TOKEN\" | curl -H @- '{url}'"
