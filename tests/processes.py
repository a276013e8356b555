"""Starts the processes that tests leave running: each ends when the process that runs the tests is killed."""

import ctypes
import os
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from tools.private_mariadb import ended_with_parent


def start(
    command: Sequence[str], environ: Mapping[str, str] | None = None, end: int = signal.SIGTERM, **options: Any
) -> subprocess.Popen[Any]:
    """Start a process as subprocess does. It gets the signal `end` when this process dies.

    A server that ends its own children at SIGTERM gets that; `end=signal.SIGKILL` is for a process without children.
    Ctrl-C reaches it even where a shell has started this suite in the background, for which it ignores SIGINT.
    """
    assert threading.current_thread() is threading.main_thread(), "the child would end with this thread"
    end_with_this = ended_with_parent(end)

    def prepare() -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        end_with_this()

    return subprocess.Popen(command, env=environ, preexec_fn=prepare, **options)


def end_this_with_its_starter(config: pytest.Config) -> None:
    """Let this process of pytest die with the one that started it: a worker with the suite, a suite with its `make`.

    A suite that was started otherwise stays: its shell may end before it.
    """
    if hasattr(config, "workerinput"):
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)
    elif "MAKELEVEL" in os.environ:  # make sets it for what it starts
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)
