"""`gatepass capacity` needs neither settings nor a database, and says what is wrong with a number."""

import json
import subprocess

from click.testing import CliRunner, Result

from tests.environments import BIN
from v1.capacity.answer import answer, sections
from v1.capacity.plan import Plan
from v1.program import gatepass


def run(*words: str) -> Result:
    return CliRunner().invoke(gatepass, ["capacity", *words])


def test_it_runs_with_an_empty_environment() -> None:
    command = [BIN / "gatepass", "capacity", "--users", "10000000"]
    done = subprocess.run(command, cwd="/", env={}, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "") and "nodes of Gatepass" in done.stdout


def test_people_get_every_line_of_the_answer() -> None:
    done = run("--users", "500000000")
    assert done.exit_code == 0
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    for heading, found in sections(answer(Plan(users=500_000_000))).items():
        assert heading in lines and all(f"{name} {value}" in lines for name, value in found)
    assert any(line.startswith("Note: one cluster is not enough: shard by user over 9") for line in lines)


def test_programs_get_the_numbers_as_they_are() -> None:
    done = run("--users", "1000", "--bcrypt-cost", "10", "--cluster", "1", "--json")
    plan = Plan(users=1000, bcrypt_cost=10, cluster=1)
    assert json.loads(done.stdout) == json.loads(json.dumps(answer(plan).values()))


def test_options_and_their_defaults_are_those_of_a_plan() -> None:
    options = {each.name for each in gatepass.commands["capacity"].params} - {"as_json"}
    assert options == set(vars(Plan(users=1)))
    assert json.loads(run("--users", "1000", "--json").stdout)["plan"] == vars(Plan(users=1000))


def test_a_number_that_cannot_be_meant_is_told() -> None:
    for words, said in (
        (("--users", "0"), "users must be from 1 to 2,147,483,647, not 0"),
        (("--users", "5", "--headroom", "1"), "headroom must be from 0 to 0.95, not 1.0"),
        (("--users", "5", "--cluster", "2"), "a cluster of 2 database nodes stops when half of them are lost: take 3"),
        (("--users", "many"), "'many' is not a valid integer"),
        ((), "Missing option '--users'"),
    ):
        done = run(*words)
        assert done.exit_code == 2 and said in done.stderr and not done.stdout
