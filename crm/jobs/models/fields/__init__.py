"""Custom fields that a tenant adds to leads, customers or properties. The values are stored on the record."""

from crm.jobs.models.fields.own_field import FieldKind, OwnField, OwnFieldRecord

__all__ = ["FieldKind", "OwnField", "OwnFieldRecord"]
