"""What a test sees of the templates a page was made of: of each the context it was first rendered with.

Django's test client copies the context of every rendering, of each row of a list too, though `response.context["x"]` is
the x of the first that has one.
"""

from copy import copy
from typing import Any

from django.test import client
from django.test.utils import ContextList


def store_rendered_templates(
    store: dict[str, Any], signal: Any, sender: Any, template: Any, context: Any, **kwargs: Any
) -> None:
    """Note a rendering, as the client's own function of this name does."""
    seen = store.setdefault("seen", set())
    store.setdefault("templates", []).append(template)
    contexts = store.setdefault("context", ContextList())
    if id(template) not in seen:  # none has the id of another, which `templates` keeps
        seen.add(id(template))
        contexts.append(copy(context))


def install() -> None:
    """Have every client note renderings so."""
    client.store_rendered_templates = store_rendered_templates
