"""Undo of actions on document requests."""

from typing import Any

from crm.documents.models.request_schedule import update_job_and_reminder
from crm.platform.models import Change, Member
from crm.platform.undo import Values

_RESTORED = ("state", "reason", "due_on", "document_id")


def restore_request(request: Any, before: Values | None, change: Change, by: Member) -> None:
    """Restore the columns, reminder and job side of a request; withdraw one that the undone action created."""
    if before is None:
        request.withdraw(by=by)
        return
    for name in _RESTORED:
        if name in before:
            field = request._meta.get_field(name.removesuffix("_id"))
            setattr(request, name, field.to_python(before[name]))
    request._save("state", "reason", "due_on", "document")
    request._record("document_request.undone", by, {"of": change.kind})
    update_job_and_reminder(request, by)
