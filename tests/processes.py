"""Starts the processes that tests leave running: each ends when the process that runs the tests is killed."""

import os
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from typing import Any, Final

from tools.children import ended_with_parent

STARTER: Final = "GATEPASS_TESTS_STARTER"
"""Names the process that started this one, for `end_with_starter`. The Makefile says it for the suite."""


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


def end_with_starter() -> None:
    """Let this process of pytest die with the one that started it: a suite with its `make`, a worker with its suite.

    A suite that no `make` has started stays: its shell may end before it.
    """
    starter = int(os.environ.get(STARTER, os.getpid()))
    if starter != os.getpid():
        ended_with_parent(signal.SIGKILL, starter)()
    os.environ[STARTER] = str(os.getpid())
