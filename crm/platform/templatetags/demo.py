"""The demo's sign-ins, for the sign-in page alone."""

from django import template

from crm.platform import demo

register = template.Library()


@register.simple_tag
def sign_ins() -> list[demo.SignIn]:
    """Whom to sign in as; empty outside a demo."""
    return demo.sign_ins()
