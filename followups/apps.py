"""The follow-ups app: promises to customers, who keeps them and when, and the next step of every job."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FollowupsConfig(AppConfig):
    name = "followups"
    verbose_name = "Follow-ups"

    def ready(self) -> None:
        from crm.platform.access.permissions import EVERYBODY, register
        from crm.platform.models import Role
        from followups import event_words, lead_follow_up  # noqa: F401 (they register themselves)

        note = _("Their own, and those of the leads they see.")
        register("followups.view", EVERYBODY, "followups", _("See follow-ups"), note)
        note = _("Plan them, do them, move them to another time, hand them over and cancel them.")
        register("followups.work", EVERYBODY, "followups", _("Work on follow-ups"), note)
        no_reps, note = {Role.MANAGER, Role.ADMIN, Role.SERVICE}, _("Those of colleagues too.")
        register("followups.see_all", no_reps, "followups", _("See everybody’s follow-ups"), note)
        self._register_pages()
        self._register_kinds()
        self._register_export()
        self._register_palette()
        self._register_sight()

    def _register_sight(self) -> None:
        from crm.platform.access.visibility_report import Sight, register
        from followups.models import FollowUp

        every, seen = FollowUp.objects.open, lambda member: FollowUp.objects.open().visible_to(member)
        register(Sight(20, "followups.view", _("Open follow-ups"), every, seen))

    def _register_kinds(self) -> None:
        from crm.jobs.next_step import kinds as told
        from crm.platform.access.permissions import register
        from crm.platform.models import Role
        from crm.web.settings.sections import Section
        from crm.web.settings.sections import register as register_section
        from followups.kinds import step_kinds

        told.register(step_kinds)
        what, how = (
            _("Edit the types of follow-ups"),
            _("Which there are, what they are called and how long they take."),
        )
        register("followups.manage_kinds", {Role.ADMIN}, "settings", what, how)
        note = _("What a follow-up can be, in which order it is offered, and types of your own.")
        register_section(
            Section("line", 40, "followups:kinds", "followups.manage_kinds", "clock-check", _("Follow-up types"), note)
        )

    def _register_export(self) -> None:
        from crm.platform.files.exports import Exportable, register
        from followups import export

        parts = (export.ids, export.headings, export.rows)
        register(Exportable("followups", _("Follow-ups"), "followups.view", "followups:list", *parts))

    def _register_pages(self) -> None:
        from crm.platform.events import hints
        from crm.web.shell.navigation import Number, Page, register
        from followups.tiles import overdue

        label, number = _("Follow-ups"), Number(overdue, _("overdue"), "followups")
        register(Page(30, "followups:list", "followups.view", "clock-check", label, section=True, number=number))
        hints.register("followups", "followup")

    def _register_palette(self) -> None:
        from crm.web.shell import palette, shortcuts

        plan = palette.Action(
            20, "followups:plan", "followups.work", "clock-check", _("Plan a follow-up"), _("to-do task"), dialog=True
        )
        palette.register(plan)
        shortcuts.register(shortcuts.Shortcut(21, "g f", "go-followups", _("Go to the follow-ups"), shortcuts.ANYWHERE))
