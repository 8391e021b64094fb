"""Register the page of notices, its navigation badge, and its live topic."""

from django.utils.translation import gettext_lazy as _

from crm.platform.access.permissions import EVERYBODY, Permission
from crm.platform.events.hints import Topic
from crm.platform.features import Feature
from crm.platform.models import Member
from crm.web.account.own_pages import OwnPage
from crm.web.models import Notice
from crm.web.notices import parked_work
from crm.web.notices.notify import TOPIC
from crm.web.notices.views import VIEW
from crm.web.shell.navigation import FrameLink, Number
from crm.web.shell.palette import PaletteAction
from crm.web.shell.shortcuts import ANYWHERE, Shortcut, going_to


def unread(member: Member) -> str:
    """Count the unread notices, for the navigation."""
    count = Notice.objects.to(member).unread().order_by()[:100].count()
    if count > 99:
        return "99+"
    return str(count or "")


FEATURES: list[Feature] = [
    Permission(
        name=VIEW, roles=EVERYBODY, group="daily", label=_("Get notices"), note=_("About their work; they choose how.")
    ),
    FrameLink(
        name="notices",
        permission=VIEW,
        icon="bell",
        label=_("Notices"),
        section=True,
        number=Number(unread, _("unread"), topics=TOPIC, event=TOPIC),
    ),
    PaletteAction(
        name="notice_settings",
        permission=VIEW,
        icon="bell",
        label=_("Notice settings"),
        words=_("notifications email mute"),
    ),
    OwnPage(name="notice_settings", permission=VIEW, label=_("Notice settings")),
    Shortcut(keys="g n", act=going_to("notices"), label=_("Go to the notices"), group=ANYWHERE),
    Topic(TOPIC),
    parked_work.KIND,
]
