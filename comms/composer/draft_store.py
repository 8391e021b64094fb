"""DraftStore: the draft of one member, in one matter, on one medium."""

from datetime import datetime, timedelta
from functools import cached_property

from django.db import transaction

from comms.composer.contact_ways import ContactWay
from comms.composer.matter import Matter
from comms.composer.written_message import WrittenMessage
from comms.models import Draft, DraftFile, Message
from crm.platform.models import Member

# A request that keeps what is typed may be under way for this long.
_JUST_SENT = timedelta(minutes=1)


class DraftStore:
    """Reads and writes the unsent text of a member."""

    def __init__(self, matter: Matter, member: Member, way: ContactWay) -> None:
        self.matter = matter
        self.member = member
        self.way = way
        self.key = matter.draft(member.pk, way.medium)

    def read(self) -> WrittenMessage:
        """Return the stored draft, or an empty one."""
        draft = Draft.at(self.key).select_related("template_version").first()
        return WrittenMessage.from_draft(draft, self.matter, self.way)

    def store(self, written: WrittenMessage) -> None:
        written.keep(self.key)

    @transaction.atomic
    def store_while_typing(self, written: WrittenMessage, address: str, now: datetime) -> None:
        """Store the draft unless the same text was just sent: the last keystrokes may arrive after the message.

        The message is looked up after the draft is stored: a send in between either removes the draft or is seen here.
        """
        self.store(written)
        own = Message.objects.filter(author=self.member, medium=self.way.medium, address=address)
        recent = own.filter(created_at__gte=now - _JUST_SENT).exclude(state=Message.State.CANCELLED)
        message = recent.order_by("-pk").first()
        if message and written.text and message.text.startswith(written.text):
            self.clear()

    def clear(self) -> None:
        """Delete the text of the draft. Its files stay."""
        self.store(WrittenMessage())

    def get_or_create(self, subject: str) -> Draft:
        """Return the draft, created if missing: files can be added before text."""
        draft: Draft | None = Draft.at(self.key).first()
        return draft or Draft.objects.create(**self.key, subject=subject)

    @cached_property
    def files(self) -> list[DraftFile]:
        """The files to be sent with the message."""
        return list(DraftFile.objects.filter(draft__in=Draft.at(self.key)).select_related("file").order_by("pk"))
