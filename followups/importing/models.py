"""FollowUpImport: a file of follow-ups, from its upload to its result."""

from crm.jobs.importing.sheet_import import SheetImport


class FollowUpImport(SheetImport):
    """The rows of a file of follow-ups; its columns hold what ImportColumn says."""
