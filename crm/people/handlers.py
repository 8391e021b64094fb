"""What people do when a time comes: the search for records of one person."""

from crm.people.merging import duplicate_candidates  # noqa: F401 (looks at everybody, in shares)
