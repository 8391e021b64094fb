"""Draft: what a member began to write to somebody, kept on the server until it is sent or thrown away."""

from typing import Any, ClassVar

from django.db import models, transaction

from comms.models.medium import Medium
from crm.kernel import clock
from crm.platform.models import Member, TenantForeignKey, TenantManager, TenantModel, TenantQuerySet


class Draft(TenantModel):
    """One member's unfinished message on one medium about one job, person, or whatever else is written about."""

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
    saved_at = models.DateTimeField(default=clock.now)

    objects: ClassVar[Any] = TenantManager.from_queryset(TenantQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "member", "job", "person", "about", "medium"],
                nulls_distinct=False,
                name="draft_is_one_a_member_and_matter",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]

    @classmethod
    def at(cls, where: dict[str, Any]) -> Any:
        """Return what a member keeps there. What names its record stays, whichever lead that is put on meanwhile."""
        named = where if not where["about"] else {key: where[key] for key in ("member_id", "about", "medium")}
        return cls.objects.filter(**named)

    @classmethod
    @transaction.atomic
    def keep(cls, *, where: dict[str, Any], subject: str, text: str, **more: Any) -> None:
        """Keep what has been typed so far; nothing typed is no draft. No event: it is nobody's business yet.

        `where`: whose it is and what about: member, medium, job, person, about. `more`: template_version, given,
        preset.
        """
        if text.strip() or subject.strip() or more.get("template_version") or more.get("preset"):
            words = {"subject": subject[:900], "text": text, "saved_at": clock.now(), **more}
            if not where["about"] or not cls.at(where).update(**words):
                cls.objects.update_or_create(**where, defaults=words)
        else:
            cls.at(where).delete()
