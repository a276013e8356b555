"""Asks a PHP that stays running what it makes of some bytes. Without PHP there is no answer."""

import shutil
import signal
import struct
import subprocess
from functools import cache
from pathlib import Path
from typing import Final

from tests import processes

SCRIPT: Final = Path(__file__).resolve().parent.parent / "php/oracle.php"


@cache
def _running() -> subprocess.Popen[bytes] | None:
    command = shutil.which("php")
    if command is None:
        return None
    options = ["-d", "display_errors=0", "-d", "memory_limit=512M", "-d", "max_input_vars=1000"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    return processes.start([command, *options, str(SCRIPT)], end=signal.SIGKILL, **pipes)


def ask(question: str, data: bytes) -> bytes | None:
    """The answer of tests/php/oracle.php to a question about these bytes. None if PHP is not installed."""
    running = _running()
    if running is None:
        return None
    assert running.stdin and running.stdout
    running.stdin.write(question.encode() + struct.pack("<I", len(data)) + data)
    running.stdin.flush()
    (size,) = struct.unpack("<I", running.stdout.read(4))
    return running.stdout.read(size)


def end() -> None:
    """End that PHP, if it runs."""
    if _running.cache_info().currsize and (running := _running()):
        running.kill()
        running.communicate()
    _running.cache_clear()
