"""The numbers of workers that have ended: they stay, in one file of each kind, whoever reads them meanwhile."""

import fcntl
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.mmap_dict import MmapedDict, mmap_key
from prometheus_client.multiprocess import MultiProcessCollector

from v1.observe import worker_numbers
from v1.observe.worker_numbers import join_ended, unchanged

KINDS = ("counter", "histogram", "gauge_max", "gauge_mostrecent")
BOUNDS = ("0.1", "1.0", "+Inf")


@pytest.fixture(autouse=True)
def nobody_waits() -> None:
    worker_numbers._waiting.clear()


def work(directory: Path, pid: int, labels: int = 3) -> None:
    """What a worker of this id leaves."""
    for kind in KINDS:
        kept = MmapedDict(str(directory / f"{kind}_{pid}.db"))
        for label in range(labels):
            if kind == "histogram":
                for bound in BOUNDS:
                    kept.write_value(key("h", "h_bucket", label, le=bound), pid + label, 0)
                kept.write_value(key("h", "h_sum", label), pid * 1.5, 0)
            else:
                kept.write_value(key(kind, kind, label), pid + label, 1000 - pid if "recent" in kind else 0)
        kept.close()


def key(metric: str, name: str, label: int, **more: str) -> str:
    labels = {"label": f"ş {label}", **more}
    return mmap_key(metric, name, list(labels), list(labels.values()), f"What {metric} is.")


def shown(directory: Path) -> list[str]:
    registry = CollectorRegistry()
    MultiProcessCollector(registry, str(directory))
    return sorted(generate_latest(registry).decode().splitlines())


def files(directory: Path) -> set[str]:
    return {path.name for path in directory.glob("*.db")}


def test_what_is_shown_is_the_same_and_the_files_become_no_more(tmp_path: Path) -> None:
    for pid in range(1, 9):
        work(tmp_path, pid, labels=pid)
    before = shown(tmp_path)
    for pid in range(1, 8):
        join_ended(tmp_path, pid)
        assert shown(tmp_path) == before
    assert files(tmp_path) == {f"{kind}_{pid}.db" for kind in KINDS for pid in (0, 8)}
    assert 'counter_total{label="ş 0"} 36.0' in before or 'counter{label="ş 0"} 36.0' in before


def test_files_of_more_numbers_than_a_page_holds_are_joined(tmp_path: Path) -> None:
    work(tmp_path, 1, labels=2000)
    work(tmp_path, 2, labels=2000)
    before = shown(tmp_path)
    join_ended(tmp_path, 1)
    join_ended(tmp_path, 2)
    assert shown(tmp_path) == before and len(files(tmp_path)) == len(KINDS)


def test_while_they_are_read_they_are_left_for_the_next_end(tmp_path: Path) -> None:
    work(tmp_path, 1)
    work(tmp_path, 2)
    before = files(tmp_path)
    with unchanged(tmp_path):
        join_ended(tmp_path, 1)
        assert files(tmp_path) == before
    join_ended(tmp_path, 2)
    assert files(tmp_path) == {f"{kind}_0.db" for kind in KINDS}


def test_a_full_disk_changes_nothing_and_they_are_joined_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    work(tmp_path, 1)
    before = shown(tmp_path)
    with monkeypatch.context() as full:
        full.setattr(worker_numbers.os, "posix_fallocate", no_room)
        with pytest.raises(OSError, match="No space"):
            join_ended(tmp_path, 1)
    assert shown(tmp_path) == before
    with (tmp_path / worker_numbers.LOCK).open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    work(tmp_path, 2)
    before = shown(tmp_path)
    join_ended(tmp_path, 2)
    assert shown(tmp_path) == before and files(tmp_path) == {f"{kind}_0.db" for kind in KINDS}


def no_room(*_: object) -> None:
    raise OSError(28, "No space left on device")
