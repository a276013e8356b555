"""Every command of docs/tour.md and the README works after `make run` and prints what stands below it."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.conftest import ROOT, installed
from tests.e2e import checkout
from tests.ports import free_port

BLOCK = re.compile(r"```sh\n(.*?)```(?:\n\n```(?:json|text)\n(.*?)```)?", re.DOTALL)
"""A command of a document, and its answer if one stands below it."""

VARYING = {
    r"\b[0-9a-f]{40}\b": "MOBILE",
    r"\bgp[acmp]_[\w.]+": "PREFIXED",
    r"\beyJ[\w.-]+": "SIGNED",
    r"\b\d{4}-\d\d-\d\dT[\d:.]+Z?": "DATE",
    r"\b1[789]\d{8}\b": "SECONDS",
    r'"id": ?\d+': "ID",
    r"(?m)^(Server|Date|Connection|Content-Length|Cache-Control|Pragma|X-Request-Id): .*\n": "",
}
"""What differs from run to run, and the headers that every answer has."""


class Step(NamedTuple):
    """Commands of a document as they stand there, and the answer below them."""

    commands: str
    answer: str


def steps(document: str) -> list[Step]:
    """What a reader pastes, in order. `make run` is running already, and `make test` runs this."""
    found = BLOCK.findall((ROOT / document).read_text())
    return [Step(*each) for each in found if not each[0].startswith("make ")]


def alike(text: str) -> str:
    """The text without what differs from run to run."""
    text = text.replace("\r\n", "\n")
    for pattern, name in VARYING.items():
        text = re.sub(pattern, name, text)
    return text.strip()


def printed(place: Path, port: int, todo: list[Step]) -> list[str]:
    """What the commands of each step print, pasted into one shell after the other."""
    groups = "".join(f"{{\n{step.commands}}} >answer-{number}\n" for number, step in enumerate(todo))
    script = "set -euo pipefail\n" + groups.replace("127.0.0.1:8000", f"127.0.0.1:{port}")
    environ = {"PATH": os.environ["PATH"], "NO_PROXY": "*", "no_proxy": "*"}
    command = ["bash", "-c", script]
    done = subprocess.run(command, cwd=place, env=environ, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    answers = [(place / f"answer-{number}").read_text() for number in range(len(todo))]
    return [answer.replace(f"127.0.0.1:{port}", "127.0.0.1:8000") for answer in answers]


@pytest.mark.usefixtures("curl")
def test_every_command_prints_what_the_document_says(tmp_path: Path) -> None:
    installed("jq", "jq")
    todo = steps("docs/tour.md") + steps("README.md")
    assert len(todo) > 15 and sum(bool(step.answer) for step in todo) > 12
    place, port = checkout.copy(tmp_path / "checkout"), free_port()
    run = checkout.start(place, {"PATH": os.environ["PATH"], "PORT": str(port)})
    try:
        run.wait_for_welcome()
        answers = printed(place, port, todo)
    finally:
        run.stop()
        shutil.rmtree(place / "var", ignore_errors=True)
    for step, answer in zip(todo, answers):
        if step.answer:
            assert alike(answer) == alike(step.answer), step.commands
