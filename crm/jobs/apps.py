"""The jobs app: jobs, pipelines, stages, clocks. Registers what time and edits do to jobs."""

from typing import ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    name = "crm.jobs"
    label = "jobs"
    verbose_name = "Jobs"
    definer_functions: ClassVar[list[str]] = [
        "search_candidates(text[], text, text, text[], text, integer)",
        "search_jobs(text[], text, text, text[], text, integer, bigint, bigint, integer)",
    ]

    def ready(self) -> None:
        from crm.jobs.assignment import reassignment  # noqa: F401
        from crm.jobs.pipelines.defaults import create_defaults
        from crm.people.merging.duplicate_candidates import keep_looking
        from crm.platform.tenancy.tenant_creation import on_tenant_created

        on_tenant_created(create_defaults)
        on_tenant_created(keep_looking)
        self._register_pages()

    def _register_pages(self) -> None:
        from crm.platform.access import permissions
        from crm.platform.models import Role
        from crm.web.settings.sections import Section, register

        what, how = _("Set up the line"), _("Pipelines, phases, steps, their targets, the levels, and the sources.")
        permissions.register("line.manage", {Role.ADMIN}, "settings", what, how)
        line, scale, sources = (
            _("Pipelines, their steps and phases, and how long each step may take."),
            _("When a lead is due soon, over, and over twice."),
            _("Where leads come from."),
        )
        register(Section("line", 10, "jobs:pipelines", "line.manage", "workflow", _("Pipelines and targets"), line))
        register(Section("line", 20, "jobs:levels", "line.manage", "gauge", _("Levels"), scale))
        register(Section("line", 30, "jobs:sources", "line.manage", "megaphone", _("Sources"), sources))
