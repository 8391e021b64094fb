"""The notice of a colleague's note on a follow-up, to its assignee, to who wrote there before, and to who is named."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.jobs.mentions import mentioned_members
from crm.platform.models import Event
from crm.web.models import NoticeWay
from crm.web.notices.kinds import NoticeKind
from crm.web.notices.notify import NoticeDraft, notify_all
from followups.models import FollowUp, FollowUpNote

NOTED = "followup.note"


def _note_words(data: dict[str, Any]) -> str:
    if data["by"]:
        return _("%(name)s wrote a note on it") % {"name": data["by"]}
    return _("A note was written on it")


KIND = NoticeKind(
    name=NOTED,
    permission="followups.view",
    icon="sticky-note",
    label=gettext_lazy("A colleague writes a note on a follow-up of mine, or names me in one"),
    words=_note_words,
    default=NoticeWay.AWAY,
    through_mute=True,
)


def tell_noted(written: Sequence[Event]) -> None:
    """Notify the assignee, earlier authors and named members of a note, once per note and member. Idempotent."""
    notes = FollowUpNote.objects.filter(pk__in=[event.data["note"] for event in written], removed_at=None).in_bulk()
    rows = FollowUp.objects.in_bulk([note.follow_up_id for note in notes.values()])
    authors: dict[int, list[tuple[int, int]]] = {}
    signed = FollowUpNote.objects.of(rows).exclude(author=None).values_list("pk", "follow_up_id", "author_id")
    for pk, follow_up_id, author_id in signed:
        authors.setdefault(follow_up_id, []).append((pk, author_id))
    drafts = []
    for event in written:
        note = notes.get(event.data["note"])
        if note is None:
            continue
        row = rows[note.follow_up_id]
        named = [member.pk for member in mentioned_members(note.body)]
        earlier = [author_id for pk, author_id in authors.get(row.pk, ()) if pk < note.pk]
        concerned = [row.assignee_id, *earlier, *named]
        drafts.append(NoticeDraft(concerned, f"note:{note.pk}", row, by=event.actor_id, at=event.at))
    notify_all(NOTED, drafts)
