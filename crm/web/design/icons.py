"""SVG icons from the `lucide` package, combined into one sprite, `icons.svg`.

A static files finder makes the sprite, so that it is hashed, compressed and cached for good like any
other static file, and no third-party drawing is committed. A new icon is one more name in ICONS.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from importlib import resources
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

NAME = "icons.svg"
_NAMES = """
    arrow-down arrow-right arrow-right-left arrow-up ban banknote building-2 calendar calendar-clock
    chart-no-axes-gantt check chevron-left chevron-right chevrons-up-down circle-check circle-x clock clock-alert
    clock-check
    ellipsis eye file-down file-text file-up flag hand hand-coins house info key-round list-checks list-filter log-out
    mail
    map-pin menu message-circle-more message-square-more monitor monitor-smartphone moon pause phone pin pin-off
    play plus rows-3 rows-4 search settings shield-check sliders-horizontal smartphone square-kanban sticky-note sun
    triangle-alert trophy undo-2 user user-plus users video x zap
    archive gauge grip-vertical megaphone workflow
    keyboard layout-template
    bookmark columns-3 inbox webhook
    pencil history arrow-up-down repeat globe
    at-sign bell bell-off
    image paperclip pen-line phone-off radio-tower rotate-cw send
    truck
    camera eye-off file-search folder
    inbox link lock merge message-square reply split
    table-2 tag
    activity cloud-rain hammer printer
    hourglass
    globe log-in upload
    chart-column trending-up wifi-off
    boxes package percent
    arrow-left chevron-down plug
    credit-card landmark receipt
    copy
    frown server sparkles star thumbs-up
"""
ICONS = frozenset(_NAMES.split())
_SVG = "{http://www.w3.org/2000/svg}"


def missing_icon(name: str) -> Iterator[str]:
    """Report an unknown icon; for the system check of an entry that names one."""
    if name not in ICONS:
        yield f"no icon is called {name!r}"


@cache
def build_sprite() -> str:
    """Return the sprite with one <symbol id="i-name"> per icon. The `icon` class sets the stroke."""
    packed = resources.files("lucide").joinpath("lucide.zip")
    with packed.open("rb") as stream, ZipFile(stream) as drawings:
        symbols = "".join(_build_symbol(name, drawings.read(f"{name}.svg").decode()) for name in sorted(ICONS))
    return f'<svg xmlns="http://www.w3.org/2000/svg">{symbols}</svg>'


def _build_symbol(name: str, drawing: str) -> str:
    parts = []
    for node in ElementTree.fromstring(drawing):  # noqa: S314 - lucide's own files
        node.tag = node.tag.removeprefix(_SVG)
        node.tail = None
        parts.append(ElementTree.tostring(node, encoding="unicode"))
    return f'<symbol id="i-{name}" viewBox="0 0 24 24">{"".join(parts)}</symbol>'


class IconFinder(BaseFinder):
    """Static files finder that provides the sprite to `collectstatic` and the development server."""

    def __init__(self, app_names: Iterable[str] | None = None, *args: Any, **kwargs: Any) -> None:
        self.storage = FileSystemStorage(location=settings.VAR_DIR / "generated")

    def check(self, **kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """Return the sprite's path, or nothing for other files."""
        if path != NAME:
            return []
        if find_all:
            return [self._write_sprite()]
        return self._write_sprite()

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        self._write_sprite()
        yield NAME, self.storage

    def _write_sprite(self) -> str:
        path = settings.VAR_DIR / "generated" / NAME
        if not path.exists() or path.read_text() != build_sprite():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(build_sprite())
        return str(path)
