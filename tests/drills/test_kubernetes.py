"""deploy/kubernetes: valid offline against the schemas of Kubernetes, and the same product as docker-compose.yml."""

import re
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "deploy/kubernetes"
VERSION = "1.37"
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
STORES = {"postgres", "valkey"}
KUSTOMIZATION = "kustomization.yaml"
NAME_OF_SETTING = re.compile(r"^ {0,4}([A-Z_]{3,40})=", re.MULTILINE)


def read_documents() -> list[dict[str, Any]]:
    """All objects of the folder, without the kustomization."""
    files = sorted(path for path in FOLDER.glob("*.yaml") if path.name != KUSTOMIZATION)
    return [document for path in files for document in yaml.safe_load_all(path.read_text())]


DOCUMENTS = read_documents()
WORKLOADS = {row["metadata"]["name"]: row for row in DOCUMENTS if row["kind"] in ("Deployment", "Job")}
PODS = {name: row["spec"]["template"]["spec"] for name, row in WORKLOADS.items()}
CONFIGURATION = next(row["data"] for row in DOCUMENTS if row["kind"] == "ConfigMap")


def find_secrets(name: str) -> set[str]:
    """The names of the secrets that a pod reads."""
    sources = PODS[name]["containers"][0]["envFrom"]
    return {row["secretRef"]["name"] for row in sources if "secretRef" in row}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda row: f"{row['kind']}-{row['metadata']['name']}")
def test_each_object_is_valid(document: dict[str, Any]) -> None:
    kubernetes_validate.validate(document, VERSION, strict=True)


def test_the_kustomization_lists_every_file() -> None:
    resources = yaml.safe_load((FOLDER / KUSTOMIZATION).read_text())["resources"]
    assert sorted([*resources, KUSTOMIZATION]) == sorted(path.name for path in FOLDER.glob("*.yaml"))


def test_the_processes_and_their_commands_are_those_of_compose() -> None:
    services = {name: row.get("command") for name, row in COMPOSE["services"].items() if name not in STORES}
    assert {name: pod["containers"][0].get("args") for name, pod in PODS.items()} == services


def test_every_setting_of_compose_has_a_place() -> None:
    page = (ROOT / "docs/kubernetes.md").read_text()
    assert set(COMPOSE["x-app"]["environment"]) <= set(CONFIGURATION) | set(NAME_OF_SETTING.findall(page))


def test_only_migrations_are_given_the_owner() -> None:
    assert {name for name in PODS if "throughline-owner" in find_secrets(name)} == {"migrate"}


def test_the_limits_of_calls_count_every_process() -> None:
    worker = WORKLOADS["worker-io"]["spec"]
    arguments = worker["template"]["spec"]["containers"][0]["args"]
    concurrency = next(int(row.split("=")[1]) for row in arguments if row.startswith("--concurrency="))
    assert int(CONFIGURATION["IO_PROCESSES"]) == worker["replicas"] * concurrency


@pytest.mark.parametrize("name", PODS)
def test_no_pod_may_do_more_than_the_product_needs(name: str) -> None:
    pod = PODS[name]
    assert pod["securityContext"]["runAsNonRoot"]
    assert not pod["automountServiceAccountToken"]
    rights = pod["containers"][0]["securityContext"]
    assert rights["readOnlyRootFilesystem"]
    assert not rights["allowPrivilegeEscalation"]
    assert rights["capabilities"] == {"drop": ["ALL"]}


@pytest.mark.parametrize("name", PODS)
def test_a_service_does_not_set_a_setting(name: str) -> None:
    assert PODS[name]["enableServiceLinks"] is False


@pytest.mark.parametrize("kind", ["Service", "PodDisruptionBudget"])
def test_selectors_match_the_pods_of_their_name(kind: str) -> None:
    for row in (row for row in DOCUMENTS if row["kind"] == kind):
        selector = row["spec"]["selector"]
        labels = WORKLOADS[row["metadata"]["name"]]["spec"]["template"]["metadata"]["labels"]
        assert selector.get("matchLabels", selector) == labels


def test_each_deployment_has_two_pods_and_loses_one_at_a_time() -> None:
    deployments = {name for name, row in WORKLOADS.items() if row["kind"] == "Deployment"}
    scaled = {row["spec"]["scaleTargetRef"]["name"]: row for row in DOCUMENTS if "minReplicas" in row.get("spec", {})}
    budgets = {row["metadata"]["name"]: row["spec"] for row in DOCUMENTS if row["kind"] == "PodDisruptionBudget"}
    replicas = {
        name: WORKLOADS[name]["spec"].get("replicas") or scaled[name]["spec"]["minReplicas"] for name in deployments
    }
    assert set(replicas.values()) == {2}
    assert {name: budgets[name]["maxUnavailable"] for name in deployments} == dict.fromkeys(deployments, 1)
