"""Every target holds for its seeds, and for every finding that was mended: tests/fuzzing/findings/<target>/*."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fuzzing import php, targets

FINDINGS = Path(__file__).parent / "findings"


@pytest.fixture(scope="module", autouse=True)
def ended() -> Iterator[None]:
    """The PHP that the targets ask ends with this file."""
    yield
    php.end()


@pytest.mark.parametrize("name", targets.names())
def test_a_target_holds_for_its_seeds(name: str) -> None:
    target = targets.load(name)
    assert target.SEEDS and (target.__doc__ or "").strip()
    for seed in (*target.SEEDS, b"", b"\0", b"\xff" * 100):
        target.check(seed)


def kept() -> list[Path]:
    return sorted(path for path in FINDINGS.glob("*/*"))


@pytest.mark.parametrize("path", kept(), ids=lambda path: f"{path.parent.name}-{path.name}")
def test_a_finding_does_not_come_back(path: Path) -> None:
    targets.load(path.parent.name).check(path.read_bytes())


def test_each_finding_belongs_to_a_target() -> None:
    assert {path.name for path in FINDINGS.iterdir()} <= set(targets.names())
