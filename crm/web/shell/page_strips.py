"""Strips above a page, which apps add to members' and customers' pages alike."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from django.http import HttpRequest
from django.utils.safestring import SafeString

from crm.platform import features
from crm.platform.features import Feature


@dataclass(frozen=True)
class PageStrip(Feature):
    """A strip above every page. `draw` returns its HTML for a request; blank to show nothing."""

    unique: ClassVar[tuple[str, ...]] = ("name",)

    name: str
    draw: Callable[[HttpRequest], SafeString]


def render_strips(request: HttpRequest) -> list[SafeString]:
    """Return the HTML of all strips of a page, without blank ones."""
    return [html for strip in features.of(PageStrip) if (html := strip.draw(request))]
