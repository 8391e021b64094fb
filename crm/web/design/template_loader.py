"""A template loader that compiles each template once per language, and renders constant tags then (decision 0022).

How a template is set out is for whoever reads it, and costs a page nothing: it is gone by then, too.
"""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django import template
from django.template.base import FilterExpression, Node, Origin, Parser, TextNode, Token, Variable
from django.template.library import SimpleNode
from django.template.loaders import cached
from django.templatetags.i18n import TranslateNode
from django.utils.translation import get_language

Compile = Callable[[Parser, Token], Node]

# Where white space is the author's own: elements that show or run it, and sentences the catalogue knows by it.
_KEPT = r"<(?P<element>pre|textarea|script|style)\b.*?</(?P=element)>|{% (?P<tag>blocktrans\w*)\b.*?{% end(?P=tag) %}"
# Tags that draw nothing themselves: those that decide, those that name something for later, comments.
_DECIDING = "load|extends|block|endblock|if|elif|else|endif|for|empty|endfor|with|endwith|partialdef|endpartialdef"
_WORDS = r"(?:(?!%}).)*"
_SILENT = rf"{{% (?:(?:{_DECIDING})\b{_WORDS}|\w+{_WORDS} as \w+ |comment %}}.*?{{% endcomment )%}}"
# The end of a line, the lines after it that are blank or hold such tags alone, and the indentation of the next.
_BREAK = rf"[ \t]*\n(?P<silent>(?:(?:[ \t]*{_SILENT})*[ \t]*\n)*)[ \t]*"
_LAYOUT = re.compile(rf"{_KEPT}|{_BREAK}", re.DOTALL)


class Loader(cached.Loader):
    """Django's cached loader, with a compiled template for each language, and pages without their indentation."""

    def cache_key(self, template_name: str, skip: Any = None) -> str:
        return f"{get_language()} {super().cache_key(template_name, skip)}"

    def get_contents(self, origin: Origin) -> str:
        source = super().get_contents(origin)
        return without_layout(source) if origin.name.endswith(".html") else source


def without_layout(source: str) -> str:
    """Remove from a page's template what only its reader needs: indentation, blank lines, lines of silent tags.

    A break between two lines stays a break, so that words and elements on them are as far apart as before.
    """
    return _LAYOUT.sub(_bare, "\n" + source)[1:]


def _bare(layout: re.Match[str]) -> str:
    if layout["silent"] is None:
        return layout[0]
    return "\n" + "".join(re.findall(_SILENT, layout["silent"], re.DOTALL))


def constant(library: template.Library, *names: str) -> None:
    """Render these tags of a library when a template is compiled, if all their arguments are literals.

    What they draw may follow from the language and what is set at the start, and from nothing else.
    """
    for name in names:
        library.tags[name] = _drawn_early(library.tags[name])


def _drawn_early(compile_tag: Compile) -> Compile:
    @wraps(compile_tag)
    def compiled(parser: Parser, token: Token) -> Node:
        node = compile_tag(parser, token)
        return TextNode(str(node.render(template.Context()))) if _is_constant(node) else node

    return compiled


def _is_constant(node: Node) -> bool:
    match node:
        case TranslateNode(asvar=None, message_context=context):
            return _is_literal(node.filter_expression) and (context is None or _is_literal(context))
        case SimpleNode(target_var=None):
            return not node.takes_context and all(map(_is_literal, [*node.args, *node.kwargs.values()]))
    return False


def _is_literal(expression: FilterExpression) -> bool:
    word = expression.var
    return not expression.filters and (word.lookups is None if isinstance(word, Variable) else True)
