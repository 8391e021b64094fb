"""The columns of a list of jobs: those it names, and one for each field of the tenant's own."""

from crm.jobs.fields.setup import job_fields, part_key
from crm.web.lists.columns import Column, Columns

# Stands behind all others.
LAST = "next"


class JobColumns(Columns):
    """Columns with the tenant's own fields before the next step. A field's key is that of its form."""

    @property
    def by_key(self) -> dict[str, Column]:
        own = {part_key(field): Column(part_key(field), field.name, "c-more") for field in job_fields().live}
        if not own:
            return self.fixed
        found = {key: column for key, column in self.fixed.items() if key != LAST} | own
        return found | {LAST: self.fixed[LAST]}
