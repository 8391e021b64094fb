"""Signals of getting in, answered in the same request."""

from django.dispatch import Signal

# Somebody looks at their pages: `person_id`, `at`. At most every ten minutes; a colleague who looks as them is nobody.
visited = Signal()
