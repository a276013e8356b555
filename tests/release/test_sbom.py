"""The bill of materials: what `make sbom` writes has the packages that are installed, and is valid CycloneDX."""

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

from packaging.utils import canonicalize_name

from tests.conftest import ROOT
from tests.environments import BIN
from tests.release.conftest import Done

(OPTIONS,) = re.findall(r"cyclonedx-py environment (.+) --output-file", (ROOT / "Makefile").read_text())


def test_it_is_valid_and_names_each_package_with_its_licence(tool: Callable[..., Done], tmp_path: Path) -> None:
    assert "--validate" in OPTIONS.split()
    words = ["environment", *OPTIONS.split(), "--output-file", str(tmp_path / "sbom.json"), str(BIN.parent)]
    done = tool("cyclonedx-py", *words)
    assert done.returncode == 0, done.stderr
    found = json.loads((tmp_path / "sbom.json").read_text())
    assert found["bomFormat"] == "CycloneDX" and found["specVersion"] == "1.6"
    listed = subprocess.check_output([str(BIN / "python"), "-m", "pip", "list", "--format=json"], text=True)
    named = {canonicalize_name(each["name"]): each for each in found["components"]}
    assert set(named) >= {canonicalize_name(each["name"]) for each in json.loads(listed)} - {"pip"}
    assert named["flask"]["licenses"] and named["flask"]["purl"].startswith("pkg:pypi/flask@")
