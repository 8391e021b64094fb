"""Liquid templates with limits: rendering, variables, and validation.

The context holds plain values alone (texts, numbers, lists and dictionaries of them): there is no attribute to reach.
Work is bounded by counting, so that the same template always comes to the same end: the length of the source, how many
variables and tags it has and how long those are, its nesting, the turns of its loops (nested ones multiplied), what it
writes, and how often; and by two seconds, whatever else there is. A value that is missing or
empty is an error where it would be written; `if` and the filter `default` may ask for it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from io import StringIO
from time import monotonic
from typing import Any

from django.utils.translation import gettext as _
from liquid import Environment, FalsyStrictUndefined, Mode
from liquid.builtin.output import Output, OutputNode
from liquid.exceptions import LiquidError, LiquidSyntaxError, ResourceLimitError, UndefinedError
from liquid.template import BoundTemplate

# None of the filters makes more out of less: a chain of `replace` could fill the memory between two writes.
FILTERS = ("capitalize", "default", "downcase", "strip", "truncate", "upcase")
TAGS = ("if", "unless", "for", "comment", "#", "content", "output", "illegal")
LONGEST_SOURCE = 20_000
LONGEST_OUTPUT = 60_000
MOST_WRITES = 4_000
# Counted before the library reads a source: for what is not closed, or very long, it takes the square of the length.
MOST_TAGS = 500
LONGEST_TAG = 1_000
LONGEST_TAGS = 10_000
# Seconds a source may take to be written.
WRITE_SECONDS = 2.0
# Around what a variable wrote, until the text is laid out: it is never read as markup, and a preview shows it.
OPEN = "\ue000"
CLOSE = "\ue001"
GAP = "\ue002"
_MARKS = re.compile(f"[{OPEN}{CLOSE}{GAP}]")
# No gap stands in a gap: so each mark is looked from once.
_GAPS = re.compile(f"{GAP}[^{GAP}{CLOSE}]*+{CLOSE}")
# An empty value takes along what joins it to the words before it, or behind it where it begins the line.
_EMPTY = re.compile(f"(?:, | ){OPEN}{CLOSE}|^{OPEN}{CLOSE}, ", re.MULTILINE)

Values = Mapping[str, Any]


class TooMuch(ValueError):
    """A template whose output or loops exceed the limits."""


@dataclass(frozen=True)
class TemplateProblem:
    """A problem in a part of a template, in words; `line` counts from 1, 0 for the whole part."""

    part: str
    text: str
    line: int = 0


class _Missing(FalsyStrictUndefined):
    """A missing value: false in conditions, replaced by `default`, refused in output."""

    force_liquid_default = True


class _CountingBuffer(StringIO):
    def __init__(self) -> None:
        super().__init__()
        self.writes = self.length = 0
        self.ends = monotonic() + WRITE_SECONDS

    def write(self, text: str) -> int:
        self.writes += 1
        self.length += len(text)
        if self.writes > MOST_WRITES or self.length > LONGEST_OUTPUT or monotonic() > self.ends:
            raise TooMuch
        return super().write(text)


class _Template(BoundTemplate):
    def _get_buffer(self) -> StringIO:
        return _CountingBuffer()


class _MarkedOutput(OutputNode):
    """Output of a value between marks, or of a gap with the variable's name."""

    def render_to_output(self, context: Any, buffer: Any) -> int:
        try:
            value = self.expression.evaluate(context)
            if isinstance(value, _Missing) or value is None:
                raise UndefinedError("missing", token=None)
        except UndefinedError:
            return int(buffer.write(f"{GAP}{_variable_path(self.expression)}{CLOSE}"))
        return int(buffer.write(f"{OPEN}{_MARKS.sub('', _value_text(value))}{CLOSE}"))


class _OutputTag(Output):
    node_class = _MarkedOutput


class _Environment(Environment):
    template_class = _Template
    block_nesting_limit = 8
    context_depth_limit = 12
    loop_iteration_limit = 200

    def setup_tags_and_filters(self, *, extra: bool = False) -> None:
        super().setup_tags_and_filters(extra=False)
        self.tags = {name: tag for name, tag in self.tags.items() if name in TAGS}
        self.filters = {name: self.filters[name] for name in FILTERS}
        self.add_tag(_OutputTag)


_ENVIRONMENT = _Environment(tolerance=Mode.STRICT, undefined=_Missing, strict_filters=True)


def write(source: str, values: Values) -> str:
    """Render a source; values stand between marks, missing ones as gaps (see `missing`, `without_marks`).

    An empty text is a value: "Hi {{ name }}, we" becomes "Hi, we", "Thank you, {{ name }}!" becomes "Thank you!".
    Raises TooMuch when it passes a limit, ValueError for a source that is no template: one that was checked is.
    """
    if "{" not in source and len(source) <= LONGEST_SOURCE:
        return source.replace("\r\n", "\n")
    try:
        return _EMPTY.sub(f"{OPEN}{CLOSE}", str(_parse_source(source).render(**values)))
    except (ResourceLimitError, RecursionError) as error:
        raise TooMuch from error
    except UndefinedError as error:  # a loop over nothing
        return f"{GAP}{str(error.message).partition(' is ')[0].strip(chr(39))}{CLOSE}"
    except LiquidError as error:
        raise ValueError(_in_words(error)) from error


def missing(written: str) -> list[str]:
    """Return the names of variables without a value, each once."""
    return list(dict.fromkeys(part.partition(CLOSE)[0] for part in written.split(GAP)[1:]))


def without_marks(written: str) -> str:
    """Remove the marks."""
    return _MARKS.sub("", written)


def without_gaps(written: str) -> str:
    """Remove the marks and the gaps, for a brand's own signature."""
    return without_marks(_GAPS.sub("", written))


def holes(written: str) -> str:
    """Replace gaps by placeholders, keeping the marks of values."""
    return _GAPS.sub(lambda found: f"{{{{ {found[0][1:-1]} }}}}", written)


def variables(source: str) -> list[str]:
    """Return the variables of a source, each once. Raises ValueError for an invalid template."""
    try:
        return [*_variable_paths(source)]
    except LiquidError as error:
        raise ValueError(_in_words(error)) from error


@lru_cache(maxsize=512)
def _variable_paths(source: str) -> tuple[str, ...]:
    segments = _parse_source(source).global_variable_segments()
    return tuple(dict.fromkeys(".".join(str(segment) for segment in path) for path in segments))


def is_conditional(source: str) -> bool:
    """True if a source contains more than variables."""
    return "{%" in source or "|" in "".join(part.partition("}}")[0] for part in source.split("{{")[1:])


def problems(part: str, source: str, known: frozenset[str]) -> Iterator[TemplateProblem]:
    """Yield the problems of a source: syntax, filters, unknown variables."""
    if excess := _find_excess(source):
        text, line = excess
        yield TemplateProblem(part, text, line)
        return
    try:
        template = _parse_source(source)
        names = variables(source)
        filters = template.filter_names()
    except LiquidError as error:
        yield TemplateProblem(part, _in_words(error), _error_line(error))
        return
    except RecursionError:
        yield TemplateProblem(part, _("It is nested too deeply."))
        return
    for name in filters:
        if name not in FILTERS:
            text = _("There is no filter “%(name)s”. There are: %(all)s.") % {"name": name, "all": ", ".join(FILTERS)}
            yield TemplateProblem(part, text, _line_of(source, name))
    for name in names:
        if name not in known:
            text = _("There is no variable “%(name)s”.") % {"name": name}
            yield TemplateProblem(part, text, _line_of(source, name))


def _find_excess(source: str) -> tuple[str, int] | None:
    """Return what exceeds the limits or is not closed, with its line; None if the source is fine.

    Takes one pass, whatever the source is.
    """
    if len(source) > LONGEST_SOURCE:
        return _("It is longer than %(count)s characters.") % {"count": LONGEST_SOURCE}, 0
    count = length = 0
    place = _next_tag(source, 0)
    while place >= 0:
        closing = "%}"
        if source[place + 1] == "{":
            closing = "}}"
        end = source.find(closing, place + 2)
        line = source.count("\n", 0, place) + 1
        if end < 0:
            return _("“%(opening)s” is not closed by “%(closing)s”.") % {
                "opening": source[place : place + 2],
                "closing": closing,
            }, line
        if not source[place + 2 : end].replace("-", "").strip():
            return _("There is nothing between the braces."), line
        count += 1
        length += end - place
        if end - place > LONGEST_TAG:
            return _("The text between the braces is longer than %(count)s characters.") % {"count": LONGEST_TAG}, line
        if count > MOST_TAGS or length > LONGEST_TAGS:
            return _("It has too many variables and conditions."), line
        place = _next_tag(source, end + 2)
    return None


_OPENING = re.compile(r"\{[{%]")


def _next_tag(source: str, start: int) -> int:
    """Return the position of the next `{{` or `{%`; -1 for none."""
    opening = _OPENING.search(source, start)
    if opening:
        return opening.start()
    return -1


@lru_cache(maxsize=512)
def _parse_source(source: str) -> BoundTemplate:
    if excess := _find_excess(source):
        raise LiquidSyntaxError(excess[0], token=None)
    return _ENVIRONMENT.from_string(source.replace("\r\n", "\n"))


def _variable_path(expression: Any) -> str:
    """Return the variable of an output statement, without its filters."""
    return str(expression.left)[:80]


def _value_text(value: object) -> str:
    if isinstance(value, bool):
        if value:
            return "true"
        return "false"
    return str(value)


def _error_line(error: LiquidError) -> int:
    try:
        context = error.context()
    except ValueError:
        return 0
    if context:
        return context[0]
    return 0


def _line_of(source: str, name: str) -> int:
    at = source.find(name)
    if at >= 0:
        return source.count("\n", 0, at) + 1
    return 0


def _in_words(error: LiquidError) -> str:
    """Describe a syntax error in a sentence, followed by the library's message."""
    if isinstance(error, ResourceLimitError):
        return _("It is nested too deeply.")
    return _("This cannot be read as a template: %(why)s.") % {"why": str(error.message).rstrip(".")}
