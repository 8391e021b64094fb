"""The message that shows a secret once, with a button that copies it."""

from django.template.loader import render_to_string
from django.utils.safestring import SafeString


def secret_message(words: str, secret: str) -> SafeString:
    """Return a message with a secret."""
    return render_to_string("api/_secret.html", {"words": words, "secret": secret})
