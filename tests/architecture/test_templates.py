"""A template includes, extends and loads only what its app or one below it has; import-linter cannot see that."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.packages import LAYERS, ROOT, SIBLINGS
from tests.architecture.test_house import SOURCES

FOLDER = ROOT / "templates"
# A template of another app, or of the frame, which is crm/web's: "base.html", "components/run.html".
_NAMED = re.compile(r"""\{%\s{0,9}(?:include|extends)\s{1,9}["']([\w/.-]{1,200})""")
_LOADED = re.compile(r"\{%\s{0,9}load\s{1,9}([\w ]{1,200}?)\s{0,9}%\}")
_RENDERED = re.compile(r"""["']([\w/.-]{1,200}\.(?:html|txt))\b""")
# Folders that have another name than their app.
APP_OF_FOLDER = {"updates": "portal", "demo": "demo"}


def app_of_template(name: str) -> str:
    folder, _slash, rest = name.partition("/")
    if folder in ("account", "mfa") and rest.startswith("email/"):
        return "platform"  # mail to users, of which allauth names the folders
    return APP_OF_FOLDER.get(folder, folder if folder in LAYERS else "web")


def app_of_source(path: Path) -> str:
    parts = path.relative_to(ROOT).parts
    return parts[1] if parts[0] == "crm" else parts[0]


def is_above(there: str, here: str) -> bool:
    """Whether one app stands above another, or beside it."""
    floors = [*LAYERS, "demo"]
    return frozenset({here, there}) in SIBLINGS or floors.index(there) > floors.index(here)


def tag_libraries() -> dict[str, str]:
    """The app of each library of template tags, by the name it is loaded by."""
    return {
        path.stem: app_of_source(path)
        for path in SOURCES
        if path.parent.name == "templatetags" and path.stem != "__init__"
    }


def upward(text: str, here: str, libraries: dict[str, str]) -> Iterator[str]:
    """What a template of an app names of apps that it does not stand on."""
    yield from (name for name in _NAMED.findall(text) if is_above(app_of_template(name), here))
    loaded = [name for names in _LOADED.findall(text) for name in names.split()]
    yield from (name for name in loaded if name in libraries and is_above(libraries[name], here))


def test_what_is_above_is_found() -> None:
    text = '{% extends "base.html" %}{% load i18n look mail %}{% include "leads/_row.html#cells" with job=job %}'
    libraries = {"look": "web", "mail": "comms"}
    assert list(upward(text, "jobs", libraries)) == ["leads/_row.html", "mail"]
    assert list(upward(text, "leads", libraries)) == []
    assert list(upward(text, "tickets", libraries)) == ["leads/_row.html"]


def test_templates_name_nothing_above_them() -> None:
    libraries = tag_libraries()
    wrong = [
        f"{name}: {named}"
        for path in sorted(FOLDER.rglob("*.*"))
        for name in [str(path.relative_to(FOLDER))]
        for named in upward(path.read_text(), app_of_template(name), libraries)
    ]
    assert wrong == []


def test_no_view_renders_a_template_above_it() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in SOURCES
        if app_of_source(path) in LAYERS
        for name in _RENDERED.findall(path.read_text())
        if (FOLDER / name).exists() and is_above(app_of_template(name), app_of_source(path))
    ]
    assert wrong == []


def test_what_scrolls_has_a_style_that_makes_it() -> None:
    """A class that only a template has leaves a wide table standing over its card."""
    styles = "\n".join(path.read_text() for path in (ROOT / "static" / "css").rglob("*.css"))
    names = {
        name
        for path in FOLDER.rglob("*.html")
        for classes in re.findall(r'class="([^"{]*)', path.read_text())
        for name in classes.split()
        if "scroll" in name
    }
    assert {name for name in names if f".{name}" not in styles} == set()
