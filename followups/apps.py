"""The follow-ups app: promises to customers, who keeps them and when, and the next step of every job."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FollowupsConfig(AppConfig):
    name = "followups"
    verbose_name = "Follow-ups"

    def ready(self) -> None:
        from crm.platform.access import EVERYBODY, register
        from crm.platform.models import Role
        from followups import adoption, demo, missing, telling  # noqa: F401 (they register themselves)

        register("followups.view", EVERYBODY)
        register("followups.work", EVERYBODY)
        register("followups.see_all", {Role.MANAGER, Role.ADMIN, Role.SERVICE})
        self._register_pages()

    def _register_pages(self) -> None:
        from crm.platform.navigation import Page, register

        label, count = _("Follow-ups"), "followups:overdue"
        register(Page(30, "followups:list", "followups.view", "clock-check", label, section=True, counted=count))
