"""One program of the cluster: started, stopped, killed, paused and started again. It ends with the process that started
it, however that ends."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tools import children, private_server
from tools.cluster.network import Place

PAUSE: Final = 0.05
"""Seconds between two looks at a condition that is waited for."""


class ClusterError(private_server.ServerError):
    """The cluster cannot be started, or does not get well; the text says what to do."""


@dataclass
class Program:
    """A program that runs in its place of the network and writes what it says to `log`."""

    name: str
    command: Sequence[str]
    log: Path
    place: Place
    environ: Mapping[str, str] = field(default_factory=lambda: dict(os.environ), repr=False)
    dies_by: int = signal.SIGKILL
    """The signal that it gets when the process dies that started it."""
    process: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)

    def start(self) -> None:
        """Start it, in a session of its own: Ctrl-C in the terminal does not reach it."""
        end, enter = children.ended_with_parent(self.dies_by), self.place.entering()

        def prepare() -> None:
            enter()
            end()

        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                env=self.environ,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=prepare,
            )

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def pid(self) -> int:
        return self.process.pid if self.process else 0

    def send(self, number: int) -> None:
        """Send the program alone a signal."""
        if self.running:
            os.kill(self.pid, number)

    def stop(self, seconds: float = 60) -> None:
        """End it in order, by SIGTERM; a program that takes longer than this is killed."""
        self.send(signal.SIGTERM)
        try:
            if self.process:
                self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """End it and its children by SIGKILL, as the loss of its machine would."""
        self._send_all(signal.SIGKILL)
        if self.process:
            self.process.wait(60)

    def pause(self) -> None:
        """Stop it and its children in their tracks (SIGSTOP)."""
        self._send_all(signal.SIGSTOP)

    def wake(self) -> None:
        """Let it go on after `pause`."""
        self._send_all(signal.SIGCONT)

    def _send_all(self, number: int) -> None:
        """Send a signal to the program and its children. Children that outlive it stay in its group."""
        if self.running:
            os.killpg(self.pid, number)


def wait(condition: Callable[[], bool], what: str, seconds: float = 120) -> float:
    """Wait until the condition holds; the seconds that took. Raises ClusterError when it takes too long."""
    started = time.monotonic()
    while not condition():
        if time.monotonic() - started > seconds:
            raise ClusterError(f"waited {seconds:.0f} s in vain: {what}")
        time.sleep(PAUSE)
    return time.monotonic() - started
