"""The web app: how every page is made. Lists of any app, and who reads them."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebConfig(AppConfig):
    name = "crm.web"
    label = "web"
    verbose_name = "Web"

    def ready(self) -> None:
        from crm.platform.access.permissions import register
        from crm.platform.models import Role
        from crm.web.lists.saved.standing import SHARE

        note = _("With a team or with everybody, and as what a role finds first. Anybody keeps filters for themselves.")
        register(SHARE, {Role.MANAGER, Role.ADMIN}, "daily", _("Share saved filters"), note)
