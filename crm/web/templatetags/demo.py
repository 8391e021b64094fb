"""Template tags for the demo's pages and sign-ins, on the sign-in page alone."""

from django import template

from crm.web.account import demo_sign_ins

register = template.Library()


@register.simple_tag
def sign_ins() -> list[demo_sign_ins.SignIn]:
    """Return the users to sign in as; empty outside a demo."""
    return demo_sign_ins.sign_ins()


@register.simple_tag
def demo_doors() -> list[demo_sign_ins.DemoEntryLink]:
    """Return the ways in for who is no member; empty outside a demo."""
    return demo_sign_ins.demo_entries()


@register.simple_tag
def demo_pages() -> list[demo_sign_ins.DemoEntryLink]:
    """Return the pages of the demo itself; empty outside a demo."""
    return demo_sign_ins.demo_pages()
