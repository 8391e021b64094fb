"""The packages of the product and their layers, as import-linter has them in pyproject.toml: the one list."""

import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PYPROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())
LINTER = PYPROJECT["tool"]["importlinter"]
PACKAGES: tuple[str, ...] = tuple(LINTER["root_packages"])
# Those that hold the product; `runtime` starts it.
APPS = tuple(package for package in PACKAGES if package != "runtime")


def _layers(contract: str) -> list[list[str]]:
    """Return a contract's layers from the lowest up, each with the packages side by side in it."""
    layers = next(each["layers"] for each in LINTER["contracts"] if each["name"].startswith(contract))
    return [layer.split(" | ") for layer in reversed(layers)]


ABOVE_CRM = [layer for layer in _layers("An arrow") if not {"crm", "libs", "demo"} & {*layer}]
# The labels of Django apps, the lowest first.
LAYERS = [name.removeprefix("crm.") for layer in _layers("Inside crm")[1:] for name in layer]
LAYERS += [name for layer in ABOVE_CRM for name in layer]
SIBLINGS = {frozenset(layer) for layer in ABOVE_CRM if len(layer) > 1}
