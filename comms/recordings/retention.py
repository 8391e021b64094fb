"""Delete recordings after the tenant's days, with the provider's address; a legal hold keeps them."""

from datetime import timedelta

from django.db.models import QuerySet

from comms.models import Recording
from comms.models.recording import recording_policy
from crm.kernel import clock
from crm.platform.files import stored_files
from crm.platform.models import Member


def past_their_days() -> "QuerySet[Recording]":
    """Return recordings older than the tenant keeps them."""
    before = clock.now() - timedelta(days=recording_policy().keep_days)
    recordings: QuerySet[Recording] = Recording.objects.filter(removed_at__isnull=True, created_at__lt=before)
    return recordings


def remove(recordings: "QuerySet[Recording]", *, by: Member | None, cause: str) -> None:
    """Delete the bytes and the provider's address."""
    for recording in recordings.select_related("file").order_by("pk"):
        if recording.file:
            stored_files.delete_file(recording.file, by=by, cause=cause)
        recording.url = ""
        recording.removed_at = clock.now()
        recording.save(update_fields=["url", "removed_at"])
