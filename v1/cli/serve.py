"""`gatepass serve`: gunicorn with the configuration that Gatepass brings."""

import os
import sysconfig
from pathlib import Path

import click

from v1 import resources


@click.command()
def serve() -> None:
    """Run the service until SIGTERM.

    This is gunicorn with the configuration that Gatepass brings. HOST, PORT and WORKERS say where it listens and with
    how many processes.

    \b
    Example:  gatepass serve
              HOST=0.0.0.0 PORT=8080 WORKERS=4 gatepass serve
    """
    program = Path(sysconfig.get_path("scripts"), "gunicorn")
    configuration = resources.folder("config") / "gunicorn.conf.py"
    # gunicorn imports from its working directory first: no other `v1` may lie there.
    os.chdir(resources.PACKAGE.parent)
    os.execv(program, [str(program), "--config", str(configuration), "v1.wsgi:application"])
