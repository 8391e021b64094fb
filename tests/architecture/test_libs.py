"""The packages in `libs` stand alone, and the apps use nothing of them but their face."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.packages import APPS, ROOT
from tests.architecture.test_house import SOURCES, tree

PACKAGES = sorted(path.parent.name for path in (ROOT / "libs").glob("*/__init__.py"))
# Imported in a process in which neither Django nor an app can be.
ALONE = """
import importlib, pkgutil, sys
sys.modules.update(dict.fromkeys(sys.argv[2:]))
package = importlib.import_module("libs." + sys.argv[1])
for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
    importlib.import_module(module.name)
"""
BLOCKED = ("django", "celery", *(app for app in APPS if app != "libs"))


def imported(path: Path) -> Iterator[str]:
    """The modules that a file imports or takes names from."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield str(node.module)


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_needs_neither_django_nor_an_app(package: str) -> None:
    command = [sys.executable, "-c", ALONE, package, *BLOCKED]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_apps_import_the_face_of_a_package_alone() -> None:
    outside = [path for path in SOURCES if path.relative_to(ROOT).parts[0] != "libs"]
    inner = [
        f"{path.relative_to(ROOT)}: {module}"
        for path in outside
        for module in imported(path)
        if module.startswith("libs.") and module.count(".") > 1
    ]
    assert inner == []
