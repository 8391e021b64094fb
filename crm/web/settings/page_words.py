"""Texts of a settings page for its search, extracted from templates and forms: labels with anchors, and others.

Nothing is rendered: the index is made once per language, and holds nothing of a tenant.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from django import forms
from django.template import Engine
from django.template.base import Lexer, TokenType
from django.urls import resolve, reverse
from django.utils.translation import gettext, ngettext, trim_whitespace
from django.utils.translation.template import inline_re

from crm.web.settings.page import SettingsPage
from crm.web.settings.sections import Section

# Where a label begins, with the field it names, or ends.
_LABEL = re.compile(r'<label\b(?:[^>"]|"[^"]*")*>?|</label>')
_FOR = re.compile(r'\b(?:for|id)="([\w-]+)"')
_HOLE = re.compile(r"%\([a-z_]+\)[a-z]|[<>&]")


class PageWord(NamedTuple):
    """A text on a page. If `is_label`, it labels a field, with the field's `id` as anchor, or ""."""

    text: str
    is_label: bool = False
    anchor: str = ""


def page_words(section: Section) -> list[PageWord]:
    """Return the texts of a section's page and its subpages in the active language."""
    view = resolve(reverse(section.name, args=["a-tenant"])).func
    rows = None
    if isinstance(view, SettingsPage):
        rows = view.named_rows
        parts = [section.form, view.template]
    else:
        parts = [section.form, section.template]
    if rows:
        parts += [rows.form, rows.new_fields, rows.below]
    seen: set[str] = set()
    words = [word for part in parts if part for word in _words_in(part, seen)]
    if rows:
        words += [PageWord(str(text)) for text in (rows.none, rows.new, rows.add)]
    # A field on a page below has no place on this one.
    words += [word._replace(anchor="") for part in section.below for word in _words_in(part, seen)]
    return [word for word in words if word.text]


def _words_in(part: str | type[forms.BaseForm], seen: set[str]) -> Iterator[PageWord]:
    if isinstance(part, str):
        return _words_of(part, seen)
    return _words_of_form(part)


def _words_of_form(form: type[forms.BaseForm]) -> Iterator[PageWord]:
    for name, field in form.base_fields.items():  # type: ignore[attr-defined]
        yield PageWord(str(field.label or ""), True, f"id_{name}")
        yield PageWord(str(field.help_text))


def _template_source(name: str) -> str:
    """Return the uncompiled source of a template."""
    return next(
        (file.read_text() for folder in Engine.get_default().dirs if (file := Path(folder, name)).is_file()), ""
    )


def _words_of(name: str, seen: set[str]) -> Iterator[PageWord]:
    if name in seen:
        return
    seen.add(name)
    reading = _TemplateReading()
    for token in Lexer(_template_source(name)).tokenize():
        if token.token_type == TokenType.TEXT:
            reading.read_text(token.contents)
        elif token.token_type == TokenType.VAR:
            reading.read_text(f"%({token.contents})s" if reading.sentence is not None else "")
        elif token.token_type == TokenType.BLOCK:
            tag = next(iter(token.split_contents()), "")
            if tag == "include":
                yield from reading.read_include(token.split_contents())
                included = token.split_contents()[1].strip("\"'")
                if included.endswith(".html") and not included.startswith("components/"):
                    yield from _words_of(included, seen)
            else:
                yield from reading.read_block(token.contents)


class _TemplateReading:
    """Parser state in a template: the current label and sentence."""

    def __init__(self) -> None:
        self.is_label = False
        self.anchor = ""
        self.named_label = ""
        self.sentence: list[str] | None = None
        self.singular = ""

    def read_text(self, text: str) -> None:
        if self.sentence is not None:
            self.sentence.append(text)
            return
        for match in _LABEL.finditer(text):
            self.is_label = match[0] != "</label>"
            anchor = _FOR.search(match[0])
            if anchor:
                self.anchor = anchor[1]
            else:
                self.anchor = ""
            if self.is_label and not anchor:
                within = _FOR.search(text[match.end() :].partition("</label>")[0])
                if within:
                    self.anchor = within[1]
                else:
                    self.anchor = ""

    def read_block(self, contents: str) -> Iterator[PageWord]:
        constant = inline_re.match(contents)
        if constant and self.sentence is None:
            text = gettext(constant[1].strip("\"'"))
            if contents.endswith(" as label"):
                self.named_label = text
            else:
                yield self._word(text)
        elif contents.startswith("blocktrans"):
            self.sentence = []
            self.singular = ""
        elif self.sentence is not None and contents == "plural":
            self.singular = trim_whitespace("".join(self.sentence))
            self.sentence = []
        elif self.sentence is not None and contents.startswith("endblocktrans"):
            text = trim_whitespace("".join(self.sentence))
            yield PageWord(ngettext(self.singular, text, 1) if self.singular else gettext(text))
            self.sentence = None

    def read_include(self, bits: list[str]) -> Iterator[PageWord]:
        named = dict(bit.split("=", 1) for bit in bits if "=" in bit)
        if self.named_label and "name" in named:
            yield PageWord(self.named_label, True, named["name"].strip("\"'"))
            self.named_label = ""

    def _word(self, text: str) -> PageWord:
        is_label = self.is_label and not _HOLE.search(text)
        # What follows within the label, such as "optional", is no name of the field.
        self.is_label = False
        return PageWord(text, is_label, self.anchor if is_label else "")
