"""Commit subjects are checked: their form, and only those of new commits."""

import subprocess
from pathlib import Path

import pytest

from runtime import commits


@pytest.mark.parametrize(
    "subject",
    [
        "web: Keep the menu beside its button",
        "import: Seed two tenants",
        "crm/web: Pass the reader on",
        "jobs, web: Rename it",
        "web: Open, fill and close the menu",
    ],
)
def test_a_subject_may_be(subject: str) -> None:
    assert commits.subject_problem(subject) == ""


@pytest.mark.parametrize(
    "subject",
    [
        "web: Keep the menu beside its button.",
        "web: Kept" + " the menu" * 9,
        "Keep the menu beside its button",
        "web: keep the menu",
        "web: Moved the menu",
        "web: Moving the menu",
        "web: Moves the menu",
        "web: Keep",
    ],
)
def test_a_subject_may_not_be(subject: str) -> None:
    assert commits.subject_problem(subject) != ""


def commit(root: Path, subject: str) -> str:
    who = ["-c", "user.name=Rita", "-c", "user.email=rita@suncoast.example"]
    subprocess.run(["git", *who, "commit", "--quiet", "--allow-empty", "-m", subject], cwd=root, check=True)
    return subprocess.check_output(["git", "rev-parse", "HEAD"], cwd=root, text=True).strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    return tmp_path


def test_only_commits_after_the_base_are_new(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commits, "BASE", commit(repository, "An old one."))
    commit(repository, "web: Add a menu")

    assert commits.new_subjects(repository) == ["web: Add a menu"]


def test_what_the_upstream_has_is_not_new(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    commit(repository, "An old one.")
    clone = tmp_path_factory.mktemp("clone")
    subprocess.run(["git", "clone", "--quiet", str(repository), str(clone)], check=True)
    commit(clone, "web: Add a menu")

    assert commits.new_subjects(clone) == ["web: Add a menu"]


def test_without_base_and_upstream_nothing_is_new(repository: Path) -> None:
    commit(repository, "An old one.")

    assert commits.new_subjects(repository) == []


def test_a_folder_without_git_has_nothing_new(tmp_path: Path) -> None:
    assert commits.new_subjects(tmp_path) == []
