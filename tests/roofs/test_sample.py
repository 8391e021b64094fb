"""A sample app of two hundred lines ages, lists, acts, undoes, exports and is set up, with nothing of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from crm.platform import features
from crm.web.shell.navigation import NavigationPage

HERE = Path(__file__).parent
MOST = 200
APP = [*(HERE / f"{name}.py" for name in "apps models roof_list features handlers views urls".split())]


@pytest.mark.servers
@pytest.mark.usefixtures("django_db_setup")
def test_the_sample_app_works() -> None:
    """In a process of its own, with a database of its own: here the product is without it."""
    journey = [sys.executable, "-m", "pytest", "-q", "-p", "no:xdist", "--ds=tests.roofs.settings"]
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    done = subprocess.run(
        [*journey, str(HERE / "journey.py")],
        cwd=HERE.parents[1],
        env=env | {"INNER_RUN": "roofs", "TEST_SETTINGS": "tests.roofs.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_it_is_small() -> None:
    templates = (HERE / "templates").rglob("*.html")
    assert sum(len(path.read_text().splitlines()) for path in (*APP, *templates)) <= MOST


def test_without_it_nothing_is_there() -> None:
    assert "roofs:list" not in {page.name for page in features.of(NavigationPage)}


def test_the_page_that_explains_it_is_one_page() -> None:
    assert len((HERE.parents[1] / "docs" / "adding-an-app.md").read_text().splitlines()) <= 120
