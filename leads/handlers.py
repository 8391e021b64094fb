"""Register the due work of leads: imports continue, slice by slice."""

from leads.importing import runs  # noqa: F401 (handles its own slices)
