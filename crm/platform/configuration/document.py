"""Read and write the YAML of a configuration: plain values only, each with its line number."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml
from django.utils.translation import gettext as _
from yaml.constructor import SafeConstructor

from crm.kernel.refusal import Refused

LARGEST = 4 << 20
# Deeper than any section; PyYAML recurses.
DEEPEST = 16
# The version of the format, and the key it stands under.
VERSION_KEY = "throughline_configuration"
VERSION = 1

Path = tuple[str, ...]


@dataclass(frozen=True)
class ConfigurationDocument:
    """The sections of a file, and the line of each value by its path, from 1."""

    sections: Mapping[str, Any]
    lines: Mapping[Path, int]

    def line_of(self, *path: str) -> int:
        """Return the line of a value, else that of what contains it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def read_path(self, *path: str) -> tuple[str, ...]:
        """Return a path as a person reads it: places in lists count from 1 there, and from 0 in `path`."""
        value: Any = self.sections
        words = []
        for part in path:
            is_place = isinstance(value, list) and part.isdecimal()
            words.append(str(int(part) + 1) if is_place else part)
            if is_place:
                value = next(iter(value[int(part) : int(part) + 1]), None)
            elif isinstance(value, Mapping):
                value = value.get(part)
        return tuple(words)


def decode_file(raw: bytes) -> str:
    """Return the text of a file. Raises Refused if it is too large or not text."""
    if len(raw) > LARGEST:
        raise Refused(_("This file is too large for a configuration."))
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(_("Choose a YAML file (.yaml or .yml).")) from None


def parse_document(text: str) -> ConfigurationDocument:
    """Parse a configuration. Raises Refused, naming the line, if it is not one of this version."""
    if len(text) > LARGEST:
        raise Refused(_("This file is too large for a configuration."))
    try:
        _check_events(text)
        root = yaml.compose(text, yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        words = {"line": mark.line + 1 if mark else 1, "why": str(error.problem)[:200]}
        raise Refused(_("Line %(line)s is not valid YAML: %(why)s.") % words) from error
    except yaml.YAMLError as error:
        raise Refused(_("This is not valid YAML: %(why)s") % {"why": " ".join(str(error).split())[:200]}) from error
    lines: dict[Path, int] = {}
    content = None
    if root is not None:
        content = _read_node(root, (), lines)
    if not isinstance(content, dict) or VERSION_KEY not in content:
        raise Refused(_("This file is not a configuration: its first line names no version of the format."))
    version = content.pop(VERSION_KEY)
    if version != VERSION:
        words = {"version": str(version)[:20], "ours": VERSION, "line": lines[(VERSION_KEY,)]}
        raise Refused(_("Line %(line)s: the format %(version)s is not known here. This is format %(ours)s.") % words)
    return ConfigurationDocument(content, lines)


def dump_document(sections: Mapping[str, Any]) -> str:
    """Return sections as YAML, in their order."""
    return yaml.dump(
        {VERSION_KEY: VERSION, **sections},
        Dumper=_BlockDumper,
        sort_keys=False,
        allow_unicode=True,
        width=110,
        default_flow_style=False,
    )


def dump_value(value: Any) -> str:
    """Return one value as a person reads it in a line: text as it is, anything else as YAML in one line."""
    if isinstance(value, str):
        return value
    text = yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=100_000, default_flow_style=True)
    return text.removesuffix("...\n").strip()


class _BlockDumper(yaml.CSafeDumper):
    """Writes text of several lines as a block."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _represent_text(dumper: yaml.CSafeDumper, text: str) -> Any:
    style = None
    if "\n" in text:
        style = "|"
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_BlockDumper.add_representer(str, _represent_text)


def _check_events(text: str) -> None:
    """Raise Refused for YAML with aliases, several documents, or excessive nesting."""
    depth = 0
    for event in yaml.parse(text, yaml.CSafeLoader):
        if isinstance(event, yaml.AliasEvent):
            raise Refused(_("It refers to itself (“*%(name)s”). Write it out.") % {"name": str(event.anchor)[:40]})
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            assert event.start_mark
            line = event.start_mark.line + 1
            raise Refused(_("Line %(line)s is nested too deeply.") % {"line": line})


def _read_node(node: yaml.Node, path: Path, lines: dict[Path, int]) -> Any:
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        return _read_mapping(node, path, lines)
    if isinstance(node, yaml.SequenceNode):
        return [_read_node(one, (*path, str(at)), lines) for at, one in enumerate(node.value)]
    # A day, and a time such as 10:30, which YAML takes for a number of seconds, stay text.
    if node.tag.endswith(":timestamp") or (node.tag.endswith(":int") and ":" in node.value):
        return str(node.value)
    try:
        return SafeConstructor().construct_object(node)
    except (yaml.YAMLError, ValueError):
        line = node.start_mark.line + 1
        raise Refused(_("Line %(line)s: this value can’t be read.") % {"line": line}) from None


def _read_mapping(node: yaml.MappingNode, path: Path, lines: dict[Path, int]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            raise Refused(_("Line %(line)s: this value can’t be read.") % {"line": line})
        name = str(key.value)
        if name in values:
            raise Refused(_("Line %(line)s: “%(name)s” appears twice.") % {"line": line, "name": name[:60]})
        lines[(*path, name)] = line
        values[name] = _read_node(value, (*path, name), lines)
    return values
