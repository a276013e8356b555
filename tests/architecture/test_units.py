"""The systemd units in config/ as far as that can be done without systemd: their words, programs and times."""

import re
import subprocess

import pytest

from tests.conftest import ROOT
from tests.environments import BIN
from v1.program import gatepass

UNITS = sorted([*(ROOT / "config").glob("*.service"), *(ROOT / "config").glob("*.timer")])
PLACE = "/opt/gatepass"
FILTERS = ["@system-service", "~@privileged @resources @keyring @memlock", "setpriority"]

# All that the units say, each looked up in systemd.unit, .service, .exec, .kill, .resource-control and .timer (252).
KNOWN = {
    "Unit": {"Description", "After", "Wants", "StartLimitIntervalSec", "StartLimitBurst"},
    "Install": {"WantedBy"},
    "Timer": {"OnCalendar", "RandomizedDelaySec", "Persistent"},
    "Service": {
        *("Type", "NotifyAccess", "User", "Group", "WorkingDirectory", "EnvironmentFile", "Environment", "ExecStart"),
        *("ExecReload", "KillMode", "TimeoutStartSec", "TimeoutStopSec", "Restart", "RestartSec", "LimitNOFILE"),
        *("LimitCORE", "Nice", "UMask", "NoNewPrivileges", "CapabilityBoundingSet", "AmbientCapabilities"),
        *("ProtectSystem", "ProtectHome", "PrivateTmp", "PrivateDevices", "PrivateUsers", "ProtectProc", "ProcSubset"),
        *("ProtectClock", "ProtectHostname", "ProtectControlGroups", "ProtectKernelLogs", "ProtectKernelModules"),
        *("ProtectKernelTunables", "RestrictAddressFamilies", "RestrictNamespaces", "RestrictRealtime"),
        *("RestrictSUIDSGID", "LockPersonality", "MemoryDenyWriteExecute", "RemoveIPC", "KeyringMode"),
        *("SystemCallArchitectures", "SystemCallFilter", "SystemCallErrorNumber"),
    },
}


def directives(name: str, section: str) -> list[tuple[str, str]]:
    """A section's lines in their order: systemd adds up what is said twice, which configparser cannot tell."""
    found, current = [], ""
    for line in (ROOT / "config" / name).read_text().splitlines():
        if heading := re.fullmatch(r"\[(\w+)\]", line):
            current = heading[1]
        elif line and not line.startswith("#") and current == section:
            key, separator, value = line.partition("=")
            assert separator, line
            found.append((key, value))
    return found


def said(name: str, section: str = "Service") -> dict[str, str]:
    return dict(directives(name, section))


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_a_unit_says_only_what_systemd_knows(unit) -> None:
    sections = re.findall(r"^\[(.*)\]$", unit.read_text(), re.MULTILINE)
    assert sections and set(sections) <= set(KNOWN)
    for section in sections:
        assert {key for key, _ in directives(unit.name, section)} <= KNOWN[section]


def test_what_the_service_starts_is_there() -> None:
    program, *words = said("gatepass.service")["ExecStart"].split()
    assert program == f"{PLACE}/.venv/bin/gatepass" and (BIN / "gatepass").exists()
    assert words == ["serve"] and "serve" in gatepass.commands
    assert (ROOT / "config/gunicorn.conf.py").exists() and (ROOT / "wsgi.py").exists()


def test_what_the_timer_starts_is_a_command() -> None:
    program, *words = said("gatepass-purge.service")["ExecStart"].split()
    assert program == f"{PLACE}/.venv/bin/gatepass"
    shown = subprocess.run([BIN / "gatepass", *words, "--help"], cwd="/", capture_output=True, text=True, timeout=60)
    assert shown.returncode == 0, shown.stderr
    assert (ROOT / "config/gatepass-purge.timer").exists()  # which starts the service of its own name
    assert said("gatepass-purge.timer", "Timer")["OnCalendar"] == "daily"


def test_systemd_waits_longer_for_the_end_than_gunicorn_does() -> None:
    config = (ROOT / "config/gunicorn.conf.py").read_text()
    (graceful,) = re.findall(r"^graceful_timeout = (\d+)$", config, re.MULTILINE)
    assert int(said("gatepass.service")["TimeoutStopSec"]) > int(graceful)
    assert said("gatepass.service")["KillMode"] == "mixed"


def test_both_services_are_one_account_in_one_place_under_one_set_of_restrictions() -> None:
    def shared(name: str) -> list[tuple[str, str]]:
        own = ("Type", "NotifyAccess", "Exec", "KillMode", "Timeout", "Restart", "LimitNOFILE", "Nice")
        return [each for each in directives(name, "Service") if not each[0].startswith(own)]

    assert shared("gatepass.service") == shared("gatepass-purge.service")
    assert said("gatepass.service")["WorkingDirectory"] == PLACE


def test_what_the_service_needs_is_not_taken_from_it() -> None:
    """The hashing threads lower their priority; the database is reached over a socket of either family."""
    filters = [value for key, value in directives("gatepass.service", "Service") if key == "SystemCallFilter"]
    assert filters == FILTERS
    assert said("gatepass.service")["RestrictAddressFamilies"].split() == ["AF_INET", "AF_INET6", "AF_UNIX"]
    assert said("gatepass.service")["PrivateTmp"] == "yes"  # gunicorn's heartbeats and the numbers for /metrics
