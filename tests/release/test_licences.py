"""Each package of a deployment has a licence that asks no more than its notice. docs/licences.md names it."""

import re
from collections.abc import Callable

from packaging.utils import canonicalize_name

from tests.architecture.test_installation import PINS
from tests.conftest import ROOT
from tests.environments import BIN
from tests.release.conftest import Done

ACCEPTED = {
    *("MIT", "MIT License", "MIT-0", "BSD License", "BSD-2-Clause", "BSD-3-Clause"),
    *("Apache-2.0", "Apache Software License", "Apache-2.0 AND BSD-2-Clause"),
}
"""As the packages write them. They let anybody use, change and pass on the package who keeps its notice."""


def listed() -> dict[str, str]:
    rows = re.findall(r"^\| (\S+) +\| (.+?) +\|$", (ROOT / "docs/licences.md").read_text(), re.MULTILINE)
    return {canonicalize_name(name): licence for name, licence in rows if name != "Name"}


def test_the_page_has_each_package_and_its_licence_is_accepted() -> None:
    assert set(listed()) == set(PINS), "run `make licences`"
    assert {name: licence for name, licence in listed().items() if licence not in ACCEPTED} == {}


def test_what_is_installed_has_these_licences(tool: Callable[..., Done]) -> None:
    words = ("--python", str(BIN / "python"), "--packages", *PINS)
    done = tool("pip-licenses", *words, "--allow-only", ";".join(sorted(ACCEPTED)))
    assert done.returncode == 0, done.stderr
    assert tool("pip-licenses", *words, "--allow-only", "MIT").returncode == 1
