"""Register the configuration's page, book and file, and the practice organization."""

from django.utils.translation import gettext_lazy as _

from crm.platform.access.permissions import Permission
from crm.platform.features import Feature
from crm.platform.models import Role
from crm.platform.tenancy.row_level_security import DefinerFunction
from crm.web.configuration.chapters import CHAPTERS
from crm.web.configuration.practice import draw_practice_strip
from crm.web.configuration.views import MANAGE
from crm.web.settings.sections import Section
from crm.web.shell.page_strips import PageStrip
from crm.web.timeline.event_words import EventWords

FEATURES: list[Feature] = [
    Permission(
        name=MANAGE,
        roles=frozenset({Role.ADMIN}),
        group="settings",
        label=_("Copy the configuration"),
        note=_("Download all settings, apply a file of settings, and create a practice organization."),
    ),
    Section(
        group="organization",
        name="configuration",
        permission=MANAGE,
        icon="file-down",
        label=_("Configuration"),
        note=_("All settings as a file and as a book, and an organization to practice in."),
        affects=_("Affects, when a file is applied, everything that the file contains."),
        words=_("export import yaml backup settings sandbox practice test training documentation handbook copy"),
        template="web/configuration/page.html",
    ),
    DefinerFunction("create_practice_organization(text, timestamptz)"),
    DefinerFunction("delete_practice_organization(text[])"),
    PageStrip("practice", draw_practice_strip),
    EventWords("configuration.imported", "file-up", _("applied a configuration")),
    EventWords("configuration.import_undone", "undo-2", _("undid a configuration")),
    EventWords("tenant.practice_created", "plus", _("created the practice organization")),
    EventWords("tenant.practice_deleted", "archive", _("deleted the practice organization")),
    *CHAPTERS,
]
