"""Sections of the configuration file: what each role sees on the customers' pages, and how often they get updates."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.jobs.models import JobParty
from crm.kernel.refusal import Refused
from crm.platform.configuration.row_content import TableContent, ValuesContent
from crm.platform.configuration.sections import ConfigurationSection
from crm.platform.configuration.values import plain_list
from crm.platform.features import Feature
from crm.platform.models import Member
from portal.access.policy import SECTIONS as PORTAL_SECTIONS
from portal.access.policy import sections_of
from portal.models import RoleVisibility, UpdatePolicy
from portal.models.update_policy import update_policy


class SectionsCodec:
    """The codec of the sections a role sees."""

    def encode(self, value: Any) -> list[str]:
        return sorted(value)

    def decode(self, plain: Any) -> list[str]:
        names = [str(name) for name in plain_list(plain)]
        unknown = next((name for name in names if name not in PORTAL_SECTIONS), None)
        if unknown is not None:
            words = {"text": unknown[:40], "choices": ", ".join(PORTAL_SECTIONS)}
            raise Refused(_("“%(text)s” is not one of: %(choices)s.") % words)
        return sorted(names)


def _visible_sections() -> dict[str, Any]:
    return {role: sorted(sections_of(role)) for role in JobParty.PartyRole.values}


def _choose_sections(values: dict[str, Any], by: Member | None) -> None:
    RoleVisibility.choose(values, by=by)


SECTIONS: list[Feature] = [
    ConfigurationSection(
        name="portal_roles",
        label=gettext_lazy("What customers see"),
        page="portal_access:roles",
        content=TableContent(
            models=(RoleVisibility,), get=_visible_sections, save=_choose_sections, codec=SectionsCodec()
        ),
    ),
    ConfigurationSection(
        name="updates",
        label=gettext_lazy("Updates for customers"),
        page="updates:policy",
        content=ValuesContent(
            model=UpdatePolicy,
            fields=UpdatePolicy.FIELDS,
            get=update_policy,
            save=lambda values, by: UpdatePolicy.set(by=by, **values),
        ),
    ),
]
