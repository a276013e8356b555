"""Runs the image in the tests: once, for a command, or as the service, with its processes as the machine sees them."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests import processes, secrecy
from tests.conftest import ROOT
from tests.e2e.checkout import alive, command_line, family
from tests.e2e.faults import until
from tools.image.run import crun

RUN = [sys.executable, "-m", "tools.image.run"]


@dataclass(frozen=True)
class Container:
    """A running container: its folder has the log, its name is the folder's."""

    process: subprocess.Popen[bytes]
    folder: Path

    @property
    def processes(self) -> set[int]:
        """Those of the service, by their numbers on the machine."""
        return {pid for pid in family(self.process.pid) if "v1.wsgi:application" in command_line(pid)}

    @property
    def first(self) -> int:
        """The service's first process, 1 in the container: the one that engines send SIGTERM."""
        (first,) = {pid for pid in self.processes if family(pid) & self.processes}
        return first

    def execute(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a program in the container with the rights of the service, as a health check does."""
        process = json.loads((self.folder / "config.json").read_text())["process"] | {"args": words}
        (self.folder / "process.json").write_text(json.dumps(process))
        (outer,) = [pid for pid in family(self.process.pid) if parent(pid) == self.process.pid]
        entering = ["nsenter", "--target", str(outer), "--mount", "--pid", *crun(self.folder), "exec"]
        command = [*entering, f"--process={self.folder}/process.json", self.folder.name]
        return subprocess.run(command, capture_output=True, text=True, timeout=120)


def parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def prepared(folder: Path, environ: Mapping[str, str]) -> Path:
    """A folder of a container with this environment."""
    folder.mkdir()
    (folder / "environment").write_text("".join(f"{name}={value}\n" for name, value in environ.items()))
    return folder


def once(image: str, folder: Path, environ: Mapping[str, str], *words: str, stdin: str = "") -> str:
    """What a program of the image prints when it is run in a container of its own, with its exit code in front."""
    command = [*RUN, image, str(prepared(folder, environ)), "--", *words]
    code, out, err = run(command, stdin)
    secrecy.examine(err, f"the image's {words[0]}")
    return f"{code} {out}{err}"


def run(command: Sequence[str], stdin: str = "") -> tuple[int, str, str]:
    """The exit code of a program, and what it prints on each output. It ends with the tests."""
    pipe = subprocess.PIPE
    process = processes.start(
        command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe, text=True, end=signal.SIGKILL
    )
    try:
        out, err = process.communicate(stdin)
    finally:
        process.kill()
    return process.returncode, out, err


@contextmanager
def service(image: str, folder: Path, environ: Mapping[str, str]) -> Iterator[Container]:
    """The image's service until the end of the block: none of its processes remains. The next build deletes files."""
    log = prepared(folder, environ) / "log"
    with log.open("wb") as output:
        process = processes.start(
            [*RUN, image, str(folder)], cwd=ROOT, stdout=output, stderr=output, end=signal.SIGKILL
        )
    secrecy.watch(log)
    running = Container(process, folder)
    started: set[int] = set()
    try:
        until(lambda: process.poll() is not None or len(running.processes) > 2, "the image's service has its workers")
        assert process.poll() is None, log.read_text()
        started = family(process.pid)
        yield running
    finally:
        process.kill()
        process.wait(timeout=120)
        until(lambda: not any(map(alive, started)), "all that the container started has ended")
