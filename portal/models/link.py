"""PortalLink: an opened link and the browser it is bound to; in another browser it counts as forwarded.

A row is made when a browser shows the page it leads to, not before: a message that nobody reads costs none.
"""

from typing import Any, ClassVar

from django.db import models, transaction

from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform.events import events
from crm.platform.models import TenantForeignKey, TenantManager, TenantModel, TenantQuerySet
from portal.models.access import PortalAccess


class PortalLink(TenantModel):
    """An opened link: bound to the first browser that showed its page."""

    access = TenantForeignKey(PortalAccess, models.CASCADE, related_name="links")
    # Of the link's own random part.
    digest = models.CharField(max_length=64)
    job = TenantForeignKey("jobs.Job", models.CASCADE, null=True, blank=True, related_name="+")
    # Of the secret of the browser it was opened on first.
    browser = models.CharField(max_length=64)
    opened_at = models.DateTimeField(default=clock.now)
    # When another browser opened it first; that one's secret, so that it is told of once.
    forwarded_at = models.DateTimeField(null=True, blank=True)
    forwarded_to = models.CharField(max_length=64, blank=True)

    objects: ClassVar[Any] = TenantManager.from_queryset(TenantQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["tenant", "digest"], name="portal_link_is_once")]
        indexes = [models.Index(fields=["tenant", "job"], name="portal_link_of_job")]

    def __str__(self) -> str:
        return f"link of {self.access_id} opened {self.opened_at:%Y-%m-%d}"

    @classmethod
    @transaction.atomic
    def show(cls, access: PortalAccess, digest: str, browser: str, *, job: Job | None) -> "PortalLink":
        """Record that a browser showed the link's page: the first one binds it, another marks it as forwarded."""
        link: PortalLink
        link, is_new = cls.objects.get_or_create(
            digest=digest, defaults={"access": access, "browser": browser, "job": job}
        )
        job_id = None
        if job:
            job_id = job.pk
        if is_new:
            events.record("portal.link_opened", subject=access.person, by=None, job_id=job_id)
            return link
        link.lock()
        if browser not in (link.browser, link.forwarded_to):
            link.forwarded_at = clock.now()
            link.forwarded_to = browser
            link.save(update_fields=["forwarded_at", "forwarded_to"])
            events.record("portal.link_forwarded", subject=access.person, by=None, job_id=job_id)
        return link
