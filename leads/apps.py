"""The leads app: the sales facts of jobs, their list and page, and how they come in."""

from typing import ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LeadsConfig(AppConfig):
    name = "leads"
    verbose_name = "Leads"
    definer_functions: ClassVar[list[str]] = ["freshen_statistics(bigint)"]

    def ready(self) -> None:
        from crm.jobs.bulk import runs  # noqa: F401 - what a worker does
        from leads.permissions import register_permissions

        register_permissions()
        self._register_pages()
        self._register_export()
        self._register_palette()
        self._keep_checking()
        self._register_sight()

    def _register_sight(self) -> None:
        from crm.jobs.models import Job
        from crm.platform.access.visibility_report import Sight, register

        every, seen = Job.objects.open, lambda member: Job.objects.open().visible_to(member)
        register(Sight(10, "leads.view", _("Open leads"), every, seen))

    def _keep_checking(self) -> None:
        from crm.jobs.quality.checks import keep_checking
        from crm.platform.tenancy.tenant_creation import on_tenant_created

        on_tenant_created(keep_checking)

    def _register_export(self) -> None:
        from crm.platform.files.exports import Exportable, register
        from leads import export

        parts = (export.ids, export.headings, export.rows)
        register(Exportable("leads", _("Leads"), "leads.view", "leads:list", *parts))

    def _register_pages(self) -> None:
        from crm.platform.events import hints
        from crm.web.shell.navigation import Number, Page, register
        from leads.lead_list import needing_us

        number = Number(needing_us, _("need us now"), "jobs")
        register(Page(20, "leads:list", "leads.view", "chart-no-axes-gantt", _("Leads"), section=True, number=number))
        hints.register("jobs", "job", "lead")
        hints.register("imports", "import")
        register(Page(21, "leads:search", "leads.view", "search", _("Search")))
        register(Page(69, "leads:quality", "leads.quality", "list-checks", _("Data quality")))
        register(Page(70, "leads:duplicates", "people.merge", "users", _("Duplicates")))
        register(Page(80, "leads:import", "leads.import", "file-up", _("Import"), whole=True))

    def _register_palette(self) -> None:
        from crm.web.shell import palette, shortcuts
        from leads.palette import found

        new = palette.Action(10, "leads:open", "leads.open", "plus", _("New lead"), act="new", dialog=True)
        palette.register(new)
        palette.register_source(10, "leads.view", found)
        shortcuts.register(
            shortcuts.Shortcut(20, "g l", "go-leads", _("Go to the leads"), shortcuts.ANYWHERE),
            shortcuts.Shortcut(61, "e", "plan", _("Plan the next step")),
            shortcuts.Shortcut(62, "m", "move", _("Move to …")),
            shortcuts.Shortcut(63, "s", "move-next", _("Move to the next step")),
            shortcuts.Shortcut(64, "a", "assign", _("Hand over")),
            shortcuts.Shortcut(65, "p", "priority", _("How urgent it is")),
        )
