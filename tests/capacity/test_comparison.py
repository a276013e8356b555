"""The figures of docs/comparison.md that we measured are those of the bench; all others have a link."""

import re

import pytest

from tests.capacity import documents
from tests.conftest import ROOT

OURS = "docs/comparison.md#Measured by our own bench"
CHECKS = (
    "bench/results.md#Token checks: {} clients, keep-alive, 1,000,000 live sessions, random tokens (5 rounds of 6 s)"
)
LOGINS = "bench/results.md#Throughput: 8 clients, keep-alive, cost 10 (9 rounds of 160)"

NAMES = {
    "Gatepass": "Gatepass, last_access of every token over a minute old",
    "old PHP page": "PHP page, a connection each time",
    "old PHP page, persistent connection": "PHP page, persistent connection",
    "django-rest-knox": "django-rest-knox (gunicorn, 2 workers of 8 threads)",
    "Fastify 5 and mysql2": "Fastify 5 and mysql2 (Node, 2 processes)",
}
COLUMNS = {
    "checks a second, 8 clients": (CHECKS.format(8), "median a second"),
    "32 clients": (CHECKS.format(32), "median a second"),
    "processor ms a check, 8 clients": (CHECKS.format(8), "own processor ms"),
    "database's ms": (CHECKS.format(8), "MariaDB's ms"),
}
LOGGING_IN = {
    "Gatepass": "Gatepass (gunicorn, WORKERS=2 THREADS=24)",
    "old PHP page": "PHP page (Apache mod_php, prefork)",
}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("column", COLUMNS)
def test_a_figure_of_checks_is_that_of_the_bench(name: str, column: str) -> None:
    source, theirs = COLUMNS[column]
    assert documents.figure(OURS, f"{name} | {column}") == documents.figure(source, f"{NAMES[name]} | {theirs}")


@pytest.mark.parametrize("name", LOGGING_IN)
def test_a_figure_of_logins_is_that_of_the_bench(name: str) -> None:
    said = documents.figure(OURS, f"{name} | logins a second, 8 clients, bcrypt 10")
    assert said == documents.figure(LOGINS, f"{LOGGING_IN[name]} | median a second")


def test_every_row_of_the_measured_table_is_compared() -> None:
    rows = re.findall(r"^\| (\w[^|]+?) \|", documents.section(OURS), re.MULTILINE)
    assert set(rows) == set(NAMES)


def test_what_a_core_logs_in_is_that_of_the_cluster() -> None:
    source = "bench/results.md#What a request costs each part, and what follows for N machines"
    said = documents.figure("docs/comparison.md#Published by others", "logs {} people in a second at bcrypt cost 10")
    assert said == int(1000 / documents.figure(source, "Gatepass | login"))


def test_every_number_that_others_published_has_its_source() -> None:
    text = (ROOT / "docs/comparison.md").read_text()
    lines = documents.section("docs/comparison.md#Published by others").splitlines()
    for line in [each for each in lines if "|" in each][2:]:
        said, source = line.strip("|").split("|")[1:3]
        assert "none published" in said or re.search(r"\]\[[\w-]+\]", source), line
    named = set(re.findall(r"\]\[([\w-]+)\]", text))
    assert named == set(re.findall(r"^\[([\w-]+)\]: https://\S+$", text, re.MULTILINE))
