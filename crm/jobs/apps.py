"""The jobs app: jobs, pipelines, stages, clocks. Registers what time and edits do to jobs."""

from typing import ClassVar

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "crm.jobs"
    label = "jobs"
    verbose_name = "Jobs"
    definer_functions: ClassVar[list[str]] = ["search_jobs(text[], text, text, text[], text, bigint, bigint, integer)"]

    def ready(self) -> None:
        from crm.jobs import ageing, calendar_effect, handing_over, undo  # noqa: F401
        from crm.jobs.defaults import create_defaults
        from crm.jobs.likenesses import keep_looking
        from crm.platform.founding import on_tenant_created

        on_tenant_created(create_defaults)
        on_tenant_created(keep_looking)
