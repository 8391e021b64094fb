"""Custom fields that a tenant adds to leads, customers or properties. The values are stored on the record."""

from crm.jobs.models.fields.job_field import FieldKind, JobField, OwnFieldRecord

__all__ = ["FieldKind", "JobField", "OwnFieldRecord"]
