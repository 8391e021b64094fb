"""Word lists and patterns of many languages: one TOML file per subject in `words/`."""

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def load_words(name: str) -> dict[str, Any]:
    """Return the lists of a file by name."""
    return tomllib.loads((files(__package__) / "words" / f"{name}.toml").read_text("utf-8"))


def any_of(alternatives: Iterable[str], shape: str = "%s", flags: int = 0) -> re.Pattern[str]:
    """Compile alternatives into one case-insensitive pattern. `shape` has a %s for them."""
    return re.compile(shape % "|".join(alternatives), re.IGNORECASE | flags)
