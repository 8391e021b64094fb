"""Templates are compiled once a language, and a tag that depends on nothing but its own words is drawn then (0022)."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import template
from django.template.base import FilterExpression, Node, Parser, TextNode, Token, Variable
from django.template.library import SimpleNode
from django.template.loaders import cached
from django.templatetags.i18n import TranslateNode
from django.utils.translation import get_language

Compile = Callable[[Parser, Token], Node]


class Loader(cached.Loader):
    """Django's cached loader, with a template of its own for each language."""

    def cache_key(self, template_name: str, skip: Any = None) -> str:
        return f"{get_language()} {super().cache_key(template_name, skip)}"


def constant(library: template.Library, *names: str) -> None:
    """Have these tags of a library drawn when a template is compiled, wherever all that is given to them is literal.

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
