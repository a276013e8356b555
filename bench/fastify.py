"""The Node opponent: bench/fastify, two processes, with its packages in a folder of their own."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from bench.client import Page
from bench.place import Place
from bench.processes import ROOT, running, wait_for_answer
from bench.report import say
from tools.private_server import free_port

PROJECT = ROOT / "bench" / "fastify"
HOME = ROOT / "var" / "bench-fastify"
"""Kept from run to run; made anew when package.json changes."""

OLDEST = 20
"""The Node that Fastify 5 wants."""

POOL = "4"
"""Connections of a process to the database. With 2, 3, 6 or 8 it is no faster."""


class Absent(Exception):
    """It cannot run here; the text says why."""


@contextmanager
def fastify(place: Place, database: str) -> Iterator[tuple[Page, int]]:
    """The endpoint while the block runs; its first process's id. Raises Absent."""
    node, port, log = _installed(), free_port(), place.directory / "fastify.log"
    server = place.server
    environ = {"DB_NAME": database, "DB_USER": "gatepass", "DB_PASSWORD": server.password, "DB_POOL": POOL}
    environ |= {"PATH": os.environ["PATH"], "DB_SOCKET": str(server.socket), "PORT": str(port)}
    environ |= {"NODE_PATH": str(HOME / "node_modules"), "NODE_ENV": "production"}
    with running([node, str(PROJECT / "server.js")], environ, log, HOME) as process:
        wait_for_answer(process, port, "/check", log)
        yield Page(port, "/check"), process.pid


def _installed() -> str:
    """The program node, once the packages are there."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        raise Absent("Node with npm is not installed: apt-get install npm")
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout.strip()
    found = re.match(r"v(\d+)", version)
    if not found or int(found[1]) < OLDEST:
        raise Absent(f"Fastify 5 wants Node {OLDEST}, and here is {version or 'none'}")
    wanted, stamp = (PROJECT / "package.json").read_text(), HOME / "installed"
    if not stamp.exists() or stamp.read_text() != wanted:
        say("installing Fastify and mysql2 into var/bench-fastify (bench/fastify/package.json)")
        _install(npm)
        stamp.write_text(wanted)
    return node


def _install(npm: str) -> None:
    shutil.rmtree(HOME, ignore_errors=True)
    HOME.mkdir(parents=True)
    shutil.copy(PROJECT / "package.json", HOME)
    command = [npm, "install", "--silent", "--prefix", str(HOME), "--no-package-lock", "--ignore-scripts"]
    done = subprocess.run([*command, "--no-audit", "--no-fund"], capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr or done.stdout).strip()[-300:]
        raise Absent(f"npm cannot install Fastify and mysql2: {said or 'it says nothing'}")
