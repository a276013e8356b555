"""Makes virtual environments of exactly the packages in a requirements file, and keeps them from run to run."""

import subprocess
import venv
from pathlib import Path

from bench.processes import ROOT
from bench.report import BenchError, say


def programs(home: Path, requirements: Path) -> Path:
    """The folder of programs of the environment in `home`; it is made anew when the file changes.

    Raises BenchError if pip cannot install the packages.
    """
    folder, stamp, wanted = home / "bin", home / "installed", requirements.read_text()
    if not stamp.exists() or stamp.read_text() != wanted:
        say(f"installing {requirements.relative_to(ROOT)} into {home.relative_to(ROOT)}")
        venv.create(home, clear=True, with_pip=True)
        command = [str(folder / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        command += ["-r", str(requirements)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise BenchError(f"{requirements.relative_to(ROOT)} cannot be installed:\n{done.stderr[-1500:]}")
        stamp.write_text(wanted)
    return folder
