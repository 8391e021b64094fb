"""Fields of leads that a tenant adds: what they are. What a lead has stands on its row (`Job.own_fields`)."""

from crm.jobs.models.fields.job_field import FieldKind, JobField

__all__ = ["FieldKind", "JobField"]
