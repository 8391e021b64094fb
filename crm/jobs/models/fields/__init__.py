"""Custom fields of leads that a tenant adds. The values are stored on the lead (`Job.own_fields`)."""

from crm.jobs.models.fields.job_field import FieldKind, JobField

__all__ = ["FieldKind", "JobField"]
