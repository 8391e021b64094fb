"""Register the due work of people: the search for duplicate persons."""

from crm.people.merging import duplicate_candidates  # noqa: F401 (looks at everybody, in shares)
