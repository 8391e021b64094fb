"""The leads app: the sales facts of jobs, their list and page, and how they come in."""

from typing import ClassVar

from django.apps import AppConfig


class LeadsConfig(AppConfig):
    name = "leads"
    verbose_name = "Leads"
    definer_functions: ClassVar[list[str]] = ["freshen_statistics(bigint)"]

    def ready(self) -> None:
        from crm.platform.access import EVERYBODY, register
        from crm.platform.models import Role

        register("leads.view", EVERYBODY)
        register("leads.see_all", {Role.MANAGER, Role.ADMIN, Role.SERVICE})
        register("leads.import", {Role.MANAGER, Role.ADMIN})
