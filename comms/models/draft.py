"""Draft: an unfinished message of a member, stored until it is sent or discarded."""

from typing import Any, ClassVar, Self

from django.db import models, transaction
from django.db.models import Q

from comms.models.medium import Medium
from crm.kernel import clock
from crm.platform.models import Member, StoredFile, TenantForeignKey, TenantManager, TenantModel, TenantQuerySet
from crm.platform.models.base import public_id


class DraftQuerySet(TenantQuerySet["Draft"]):
    def unsent(self) -> Self:
        """Filter drafts being written; others wait with the message they were sent as."""
        return self.filter(sent_as=None)


class Draft(TenantModel):
    """A member's unfinished message on one medium, about a job, person or other record."""

    member = TenantForeignKey(Member, models.CASCADE, related_name="+")
    job = TenantForeignKey("jobs.Job", models.CASCADE, null=True, blank=True, related_name="+")
    person = TenantForeignKey("people.Person", models.CASCADE, null=True, blank=True, related_name="+")
    # What else it is about, as the app that embeds the composer names it: "ticket 4471".
    about = models.CharField(max_length=60, blank=True, db_default="", default="")
    medium = models.CharField(max_length=8, choices=Medium)
    subject = models.CharField(max_length=900, blank=True)
    text = models.TextField(blank=True)
    # The template it is made of, and what was filled in by hand where it had no value, by the variable's name.
    template_version = TenantForeignKey(
        "comms.TemplateVersion", models.CASCADE, null=True, blank=True, related_name="+"
    )
    given = models.JSONField(default=dict, blank=True, db_default=models.Value({}, models.JSONField()))
    # What is done once it is sent, as the app that embeds the composer names it.
    preset = models.CharField(max_length=40, blank=True, db_default="", default="")
    # The address it goes to, where it is not the usual one.
    to = models.CharField(max_length=254, blank=True, db_default="", default="")
    # Who else gets a mail, as addresses: openly, and unseen by the others.
    cc = models.JSONField(default=list, blank=True, db_default=models.Value([], models.JSONField()))
    bcc = models.JSONField(default=list, blank=True, db_default=models.Value([], models.JSONField()))
    saved_at = models.DateTimeField(default=clock.now)
    # The message it was sent as, until that has left: taken back, it is a draft again.
    sent_as = TenantForeignKey("comms.Message", models.CASCADE, null=True, blank=True, related_name="+")

    objects: ClassVar[Any] = TenantManager.from_queryset(DraftQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "member", "job", "person", "about", "medium"],
                nulls_distinct=False,
                condition=Q(sent_as=None),
                name="draft_is_one_a_member_and_matter",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]

    @classmethod
    def at(cls, where: dict[str, Any]) -> Any:
        """Return the lookup of a draft; the record's own fields stay, whichever lead it is on meanwhile."""
        if not where["about"]:
            named = where
        else:
            named = {key: where[key] for key in ("member_id", "about", "medium")}
        return cls.objects.unsent().filter(**named)

    @classmethod
    @transaction.atomic
    def keep(cls, *, where: dict[str, Any], subject: str, text: str, **more: Any) -> None:
        """Store the typed text; without text and files the draft is deleted. Records no event.

        `where`: whose it is and what about: member, medium, job, person, about. `more`: template_version, given,
        preset, to, cc, bcc.
        """
        is_something = any((text.strip(), subject.strip(), *(more.get(name) for name in MADE_OF)))
        if not is_something and not DraftFile.objects.filter(draft__in=cls.at(where)).exists():
            cls.at(where).delete()
            return
        words = {"subject": subject[:900], "text": text, "saved_at": clock.now(), **more}
        if not where["about"] or not cls.at(where).update(**words):
            cls.objects.update_or_create(**where, sent_as=None, defaults=words)

    @classmethod
    @transaction.atomic
    def restore(cls, message: Any) -> bool:
        """Turn a cancelled message back into a draft, above text typed since.

        Returns whether there was one: none of what nobody wrote here, or what has left once.
        """
        draft = cls.objects.select_for_update().filter(sent_as=message).first()
        if draft is None:
            return False
        where = {name: getattr(draft, name) for name in ("member_id", "job_id", "person_id", "about", "medium")}
        if begun := cls.at(where).first():
            draft.text = join_texts(draft.text, begun.text)
            begun.files.update(draft=draft)
            begun.delete()
        draft.sent_as = None
        draft.saved_at = clock.now()
        draft.save(update_fields=["text", "sent_as", "saved_at"])
        return True

    @classmethod
    @transaction.atomic
    def move_all(cls, about: str, to: str) -> None:
        """Move the drafts of a record to its replacement, below text there."""
        cls.objects.filter(about=about).exclude(sent_as=None).update(about=to)
        for draft in cls.objects.unsent().filter(about=about):
            begun = cls.objects.unsent().filter(about=to, member_id=draft.member_id, medium=draft.medium).first()
            if begun:
                draft.text = join_texts(begun.text, draft.text)
                begun.files.update(draft=draft)
                begun.delete()
            draft.about = to
            draft.save(update_fields=["about", "text"])


# What a draft may be made of besides words.
MADE_OF = ("template_version", "preset", "cc", "bcc")


class DraftFile(TenantModel):
    """A file of a draft. Its bytes belong to the message once that is sent."""

    uid = public_id()
    draft = TenantForeignKey(Draft, models.CASCADE, related_name="files")
    file = TenantForeignKey(StoredFile, models.PROTECT, related_name="+")

    class Meta:
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["tenant", "uid"], name="draft_file_uid_is_unique")]

    def __str__(self) -> str:
        return str(self.file.name)


def join_texts(first: str, second: str) -> str:
    """Join two texts with a blank line; if one contains the other, return that."""
    if first.strip() in second:
        return second
    if second.strip() in first:
        return first
    return f"{first}\n\n{second}"
