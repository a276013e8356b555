"""`gatepass`: every command has help with an example, and what it says to do next names a command."""

from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from tests.conftest import Service, add_user
from v1.program import gatepass


def commands(group: click.Group = gatepass, *words: str) -> Iterator[list[str]]:
    """The words of every command, the groups too."""
    yield [*words]
    for name, command in group.commands.items():
        yield from commands(command, *words, name) if isinstance(command, click.Group) else [[*words, name]]


def said(service: Service, *words: str) -> str:
    """What this command writes for a person, with the exit code in front."""
    done = service.app.test_cli_runner().invoke(gatepass, [*words])
    return f"{done.exit_code} {done.stderr}"


@pytest.mark.parametrize("words", list(commands()), ids=" ".join)
def test_every_command_has_help_with_an_example(words: list[str]) -> None:
    done = CliRunner().invoke(gatepass, [*words, "--help"])
    examples = done.stdout.partition("Example:")[2].partition("Options:")[0]
    assert done.exit_code == 0 and " ".join(["gatepass", *words]) in examples and "flask" not in done.stdout


def test_what_to_do_next_names_the_program_that_runs(service: Service) -> None:
    add_user(service.server, "bob")
    assert said(service, "user", "show", "nobody").endswith("there is no user 'nobody'; see `gatepass user list`\n")
    assert said(service, "user", "list", "--limit", "1").startswith("0 there may be more: gatepass user list --after ")
    assert said(service, "session", "revoke", "7") == (
        "1 Error: there is no token of id 7; see `gatepass session list NAME`\n"
    )
    assert said(service, "token", "revoke", "7").endswith("see `gatepass token list`\n")
