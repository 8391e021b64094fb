"""Platform names no app above it, nor jobs one above them: no address, no permission, no topic; templates included."""

import re

import pytest

from tests.architecture.packages import LAYERS, ROOT

ABOVE_JOBS = tuple(LAYERS[LAYERS.index("jobs") + 1 :])
ABOVE_PLATFORM = ("jobs", "people", *ABOVE_JOBS)
FRAME = (
    "templates/base.html",
    "templates/components/**/*.html",
    "templates/web/**/*.html",
    "templates/lists/**/*.html",
)
PLATFORM = ("crm/kernel/**/*.py", "crm/platform/**/*.py", "crm/web/**/*.py", *FRAME)
JOBS = ("crm/jobs/**/*.py", "crm/people/**/*.py", "templates/jobs/**/*.html")


def named(patterns: tuple[str, ...], apps: tuple[str, ...]) -> list[str]:
    """Where a name of theirs stands: an address ("leads:list"), a permission ("jobs.view"), an event from:body."""
    app = "|".join(apps)
    found = re.compile(rf"""['"]({app})[:.][a-z_]+['"]|\b({app}) from:body|\bact ["']new["'].*\bleads?\b""")
    paths = sorted({path for pattern in patterns for path in ROOT.glob(pattern) if "migrations" not in path.parts})
    assert paths
    return [
        f"{path.relative_to(ROOT)}:{number}: {match[0]}"
        for path in paths
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if (match := found.search(line))
    ]


@pytest.mark.parametrize(("patterns", "apps"), [(PLATFORM, ABOVE_PLATFORM), (JOBS, ABOVE_JOBS)])
def test_no_app_is_named_from_below(patterns: tuple[str, ...], apps: tuple[str, ...]) -> None:
    assert named(patterns, apps) == []


def test_a_name_is_found() -> None:
    assert named(("leads/features.py",), ABOVE_PLATFORM)
