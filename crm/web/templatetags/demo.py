"""Template tags of demo pages and sign-ins, for the sign-in page."""

from django import template

from crm.web.account import demo_sign_ins

register = template.Library()


@register.simple_tag
def sign_ins() -> list[demo_sign_ins.SignIn]:
    """Return the users to sign in as; empty outside a demo."""
    return demo_sign_ins.sign_ins()


@register.simple_tag
def demo_doors() -> list[demo_sign_ins.DemoEntryLink]:
    """Return the links for non-members; empty outside a demo."""
    return demo_sign_ins.demo_entries()


@register.simple_tag
def demo_pages() -> list[demo_sign_ins.DemoEntryLink]:
    """Return the demo's own pages; empty outside a demo."""
    return demo_sign_ins.demo_pages()
