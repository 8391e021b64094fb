"""What leads do when a time comes: the runs over many rows, and the search for flaws."""

from crm.jobs.bulk import runs as bulk_runs  # noqa: F401 (handles its own slices)
from crm.jobs.quality import checks
from crm.platform.work.due import handler
from leads.importing import runs as import_runs  # noqa: F401 (likewise)

handler(checks.CHECK_NEW)(checks.check_new)
handler(checks.CHECK_ALL)(checks.check_all)
