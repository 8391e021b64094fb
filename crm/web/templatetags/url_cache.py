"""Django's `url` tag with a cache. A builtin of the templates (crm/config/settings.py): nothing loads it."""

from django import template
from django.template.base import Parser, Token
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as compile_url
from django.urls import NoReverseMatch
from django.utils.html import conditional_escape

from crm.web.requests.url_cache import address

register = template.Library()


class Address(URLNode):
    """A URL with positional arguments."""

    def render(self, context: template.Context) -> str:
        if self.kwargs:
            return str(super().render(context))
        try:
            found = address(self.view_name.resolve(context), *[argument.resolve(context) for argument in self.args])
        except NoReverseMatch:
            if not self.asvar:
                raise
            found = ""
        if self.asvar:
            context[self.asvar] = found
            return ""
        return str(conditional_escape(found)) if context.autoescape else found


@register.tag
def url(parser: Parser, token: Token) -> Address:
    """Render `{% url name arguments %}`, as Django's."""
    node = compile_url(parser, token)
    return Address(node.view_name, node.args, node.kwargs, node.asvar)
