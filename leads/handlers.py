"""What leads do when a time comes: imports go on, slice by slice."""

from leads.importing import runs  # noqa: F401 (handles its own slices)
