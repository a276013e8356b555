"""Containerfile, compose.yaml and the Kubernetes manifests: what their schemas, and each other, say of them."""

import os
import re
import stat
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import ROOT
from tests.release.conftest import Done
from v1.settings import GROUPS
from v1.settings.declaration import declarations

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
MANIFESTS = sorted((ROOT / "config/kubernetes").glob("*.yaml"))
OBJECTS = [found for path in MANIFESTS for found in yaml.safe_load_all(path.read_text())]
OURS = ("migrate", "gatepass", "grants")
HARDENED = {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}}
SETTINGS = {each.name for group in GROUPS for each in declarations(group)}


def test_compose_is_what_its_specification_says(tool: Callable[..., Done], tmp_path: Path) -> None:
    check = ("check-jsonschema", "--builtin-schema", "vendor.compose-spec")
    done = tool(*check, "compose.yaml")
    assert done.returncode == 0, done.stdout
    (tmp_path / "compose.yaml").write_text((ROOT / "compose.yaml").read_text().replace("read_only:", "read_onyl:"))
    assert tool(*check, str(tmp_path / "compose.yaml")).returncode == 1


def test_the_manifests_are_what_kubernetes_says(tool: Callable[..., Done], tmp_path: Path) -> None:
    done = tool("kubernetes-validate", "--strict", *map(str, MANIFESTS))
    assert done.returncode == 0 and done.stdout.count("passed for resource") == len(OBJECTS) == 5, done.stdout
    (tmp_path / "job.yaml").write_text((ROOT / "config/kubernetes/migrate.yaml").read_text().replace("args:", "argz:"))
    assert tool("kubernetes-validate", "--strict", str(tmp_path / "job.yaml")).returncode != 0


def test_the_containerfile_has_no_error(tool: Callable[..., Done]) -> None:
    done = tool("hadolint", "--failure-threshold", "error", "Containerfile")
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", OURS)
def test_each_of_our_services_is_hardened(name: str) -> None:
    said = SERVICES[name]
    assert said["read_only"] is True and said["cap_drop"] == ["ALL"] and "privileged" not in said
    assert said["security_opt"] == ["no-new-privileges:true"] and said["tmpfs"] == ["/tmp:size=64m,mode=1777"]


def test_compose_names_only_what_it_has() -> None:
    for said in SERVICES.values():
        assert set(said.get("secrets", ())) <= set(COMPOSE["secrets"])
        assert set(said["networks"]) <= set(COMPOSE["networks"])
        assert set(said.get("depends_on", ())) <= set(SERVICES)
        for source in (each.split(":")[0] for each in said.get("volumes", ())):
            assert source in COMPOSE["volumes"] or (ROOT / source).is_file(), source
        assert set(said.get("environment", {})) & SETTINGS <= {"TRUSTED_PROXIES"}
    waits = {name: each["condition"] for said in SERVICES.values() for name, each in said.get("depends_on", {}).items()}
    assert waits == {
        "database": "service_healthy",
        "migrate": "service_completed_successfully",
        "grants": "service_completed_successfully",
    }
    assert COMPOSE["networks"]["database"] == {"internal": True} and "ports" not in SERVICES["database"]


def test_secrets_are_made_once_and_only_their_owner_can_enter(tmp_path: Path) -> None:
    before: dict[str, str] = {}
    for _ in range(2):
        subprocess.run(["sh", str(ROOT / "config/container/secrets.sh")], cwd=tmp_path, check=True, capture_output=True)
        made = {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()}
        assert before in ({}, made)
        before = made
    files = {each["file"] for each in COMPOSE["secrets"].values()}
    files |= {file for said in SERVICES.values() for file in said.get("env_file", ())}
    assert {f"secrets/{name}" for name in made} == files
    assert stat.S_IMODE(os.stat(tmp_path / "secrets").st_mode) == 0o700
    keys = re.findall(r"TOKEN_KEYS=([0-9a-f]{64})$", made["service.env"], re.MULTILINE)
    assert len({*keys, *(text for name, text in made.items() if "password" in name)}) == 5


def pods() -> Iterator[dict[str, Any]]:
    for each in OBJECTS:
        spec = each["spec"]
        spec = spec.get("jobTemplate", {}).get("spec", spec)
        if "template" in spec:
            yield spec["template"]["spec"]


def test_each_pod_is_hardened_and_has_its_secrets_from_kubernetes() -> None:
    assert len(list(pods())) == 3
    for pod in pods():
        (container,) = pod["containers"]
        assert container["securityContext"] == HARDENED and pod["automountServiceAccountToken"] is False
        assert pod["securityContext"]["runAsNonRoot"] and pod["securityContext"]["runAsUser"] == 10001
        assert [each["mountPath"] for each in container["volumeMounts"]] == ["/tmp"]
        assert "gatepass" in [each["secretRef"]["name"] for each in container["envFrom"]]
        assert {each["name"] for each in container.get("env", ())} <= SETTINGS - {"DATABASE_URL", "TOKEN_KEYS"}


def test_the_service_and_the_budget_select_the_pods_of_the_deployment() -> None:
    kinds = {each["kind"]: each["spec"] for each in OBJECTS}
    labels = kinds["Deployment"]["template"]["metadata"]["labels"]
    assert kinds["Deployment"]["selector"]["matchLabels"] == labels == kinds["Service"]["selector"]
    assert kinds["PodDisruptionBudget"]["selector"]["matchLabels"] == labels
    assert kinds["PodDisruptionBudget"]["minAvailable"] < kinds["Deployment"]["replicas"]
