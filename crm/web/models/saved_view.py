"""SavedView: a named set of filters and columns of a list, and who sees it as a tab. Cached configuration."""

import json
from collections.abc import Iterable
from typing import Any
from zlib import crc32

from django.db import models, transaction
from django.db.models import Max, Q
from django.utils.translation import gettext_lazy as _

from crm.kernel import clock
from crm.platform.events import events
from crm.platform.models import Member, Team, TenantForeignKey
from crm.platform.models.base import ConfigurationModel, public_id

# Views of one list a member may have; more are a heap, not a choice.
MOST = 50


class SharedWith(models.TextChoices):
    NOBODY = "nobody", _("Only me")
    TEAM = "team", _("A team")
    EVERYONE = "everyone", _("Everyone")


class TooManyViews(ValueError):
    """The member has reached the limit of saved views."""


class SavedView(ConfigurationModel):
    """Named filters and columns. A view grants no access: members see only rows they may see anyway."""

    uid = public_id()
    # The key of its list (crm/web/lists/definition.py).
    list_key = models.CharField(max_length=32)
    name = models.CharField(max_length=60)
    # The canonical query string, without its "?" and without columns.
    query = models.CharField(max_length=4000, blank=True)
    # By name, parted by commas; blank: the reader's own.
    columns = models.CharField(max_length=120, blank=True)
    # The layout it was saved in (List.layouts), "list" included; blank: that of the page it is opened from.
    layout = models.CharField(max_length=12, blank=True, default="", db_default="")
    owner = TenantForeignKey(Member, models.PROTECT, related_name="+")
    shared = models.CharField(max_length=8, choices=SharedWith, default=SharedWith.NOBODY)
    team = TenantForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+")
    # The roles whose members have it in front of all other tabs.
    standard_for = models.JSONField(default=list, blank=True)
    # Among its owner's views; of standard ones among all.
    position = models.PositiveSmallIntegerField(default=0)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        base_manager_name = "objects"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="saved_view_uid_is_unique"),
            models.UniqueConstraint(
                fields=["tenant", "list_key", "owner", "name"],
                condition=Q(archived_at__isnull=True),
                name="member_has_a_view_name_once",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="saved_view_has_a_name"),
            models.CheckConstraint(
                condition=Q(shared="team", team__isnull=False) | ~Q(shared="team") & Q(team__isnull=True),
                name="saved_view_has_a_team_when_shared_with_one",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def version(self) -> str:
        """The version for form checks. It changes with every field except the order."""
        values = [self.name, self.query, self.columns, self.layout, self.shared, self.team_id, self.standard_for]
        return f"{crc32(json.dumps(values).encode()):08x}"

    @classmethod
    @transaction.atomic
    def save_view(
        cls, key: str, name: str, query: str, columns: str = "", *, by: Member, layout: str = ""
    ) -> "SavedView":
        """Save a view of a list as the member's own, the last of its tabs.

        Raises TooMany, and IntegrityError for a name the member has on that list.
        """
        mine = cls.objects.filter(list_key=key, owner=by, archived_at__isnull=True)
        count = mine.count()
        last = mine.aggregate(last=Max("position"))["last"]
        if count >= MOST:
            raise TooManyViews
        if last is None:
            position = 0
        else:
            position = last + 1
        view: SavedView = cls.objects.create(
            list_key=key, name=name[:60], query=query, columns=columns, layout=layout, owner=by, position=position
        )
        view.refresh_from_db(fields=["uid"])
        view._record("view.saved", by)
        return view

    @transaction.atomic
    def rename(self, name: str, *, by: Member) -> None:
        """Rename the view. Idempotent. Raises IntegrityError if its owner already uses the name."""
        self.lock()
        if self.name != name:
            self._keep("view.renamed", by, name=name)

    @transaction.atomic
    def share(self, shared: str, team: Team | None, *, by: Member) -> None:
        """Share the view with its owner only, a team, or everyone. Idempotent."""
        team_id = None
        if team and shared == SharedWith.TEAM:
            team_id = team.pk
        self.lock()
        if (self.shared, self.team_id) != (shared, team_id):
            self._keep("view.shared", by, {"with": shared, "team": team_id}, shared=shared, team_id=team_id)

    @transaction.atomic
    def stand_for(self, roles: Iterable[str], *, by: Member) -> None:
        """Make the view a standard tab for the members of exactly these roles."""
        wanted = sorted(set(roles))
        self.lock()
        if self.standard_for != wanted:
            self._keep("view.standard_changed", by, {"roles": wanted}, standard_for=wanted)

    @transaction.atomic
    def update_view(self, query: str, columns: str, *, by: Member, layout: str = "") -> None:
        """Save other filters and columns to the view, and its layout if one is given."""
        self.lock()
        layout = layout or self.layout
        if (self.query, self.columns, self.layout) != (query, columns, layout):
            self._keep("view.updated", by, query=query, columns=columns, layout=layout)

    @transaction.atomic
    def archive(self, *, by: Member) -> None:
        """Archive the view: its tab disappears, and links keep their filters. Idempotent."""
        self.lock()
        if self.archived_at is None:
            self._keep("view.archived", by, archived_at=clock.now())

    def _keep(self, kind: str, by: Member, data: dict[str, Any] | None = None, **changes: Any) -> None:
        for name, value in changes.items():
            setattr(self, name, value)
        self.save(update_fields=list(changes))
        self._record(kind, by, data)

    def _record(self, kind: str, by: Member, data: dict[str, Any] | None = None) -> None:
        events.record(kind, subject=self, by=by, data=data or {})
