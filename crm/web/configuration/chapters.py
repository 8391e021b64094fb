"""Chapters of the configuration book: the organization, its working hours and brands, roles, and all other lists."""

from collections.abc import Iterator

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.kernel.formats import full_day
from crm.platform import features
from crm.platform.access.permissions import Permission, permission_matrix
from crm.platform.features import Feature
from crm.platform.models import BusinessCalendar, Role
from crm.platform.organization.configuration import directory
from crm.web.configuration.book import BookChapter, BookEntry, BookPart, BookTable, read_lists
from crm.web.design.look import language_name
from crm.web.organization.configuration import WeekCodec


def _organization_parts() -> Iterator[BookPart]:
    organization = directory()
    tenant = organization.tenant
    facts = (
        (_("Country"), tenant.country),
        (_("Time zone"), tenant.time_zone),
        (_("Language"), language_name(tenant.language)),
        (_("Currency"), tenant.currency),
    )
    yield BookEntry(tenant.name, "", tuple(f"{name}: {value}" for name, value in facts))
    brands = [brand for brand in organization.brands.values() if brand.archived_at is None]
    yield BookTable(
        _("Brands"),
        (_("Brand"), _("Country"), _("Currency"), _("Language")),
        tuple((brand.name, brand.country, brand.currency, language_name(brand.language)) for brand in brands),
    )
    teams = [team.name for team in organization.teams.values() if team.archived_at is None]
    if teams:
        yield BookEntry(_("Teams"), "", (", ".join(teams),))


def _calendar_parts() -> Iterator[BookPart]:
    for calendar in BusinessCalendar.objects.filter(archived_at=None).order_by("-is_default", "name"):
        week = WeekCodec().encode(calendar.week).values()
        lines = [f"{WEEKDAYS[day]}: {', '.join(spans) or _('closed')}" for day, spans in enumerate(week)]
        if calendar.holiday_country:
            where = " ".join(filter(None, [calendar.holiday_country, calendar.holiday_region]))
            lines.append(_("Public holidays: %(place)s") % {"place": where})
        country = directory().tenant.country
        closed = [f"{full_day(one.day, country)} {one.name}" for one in calendar.closing_days.order_by("day")]
        if closed:
            lines.append(_("Closed on: %(days)s") % {"days": ", ".join(closed)})
        yield BookEntry(calendar.name, calendar.time_zone, tuple(lines))


def _role_parts() -> Iterator[BookPart]:
    """Yield the matrix of permissions; it is the same in every organization."""
    matrix = permission_matrix()
    roles = list(Role)
    yield BookTable(
        _("Permissions by role"),
        (_("May"), *(str(role.label) for role in roles)),
        tuple(
            (str(one.label), *(_("Yes") if role in matrix[one.name] else "–" for role in roles))
            for one in features.of(Permission)
        ),
    )


CHAPTERS: list[Feature] = [
    BookChapter(
        name="organization",
        label=gettext_lazy("Organization"),
        read=_organization_parts,
        sections=("organization", "brands", "teams", "senders"),
    ),
    BookChapter(name="calendars", label=gettext_lazy("Working hours"), read=_calendar_parts, sections=("calendars",)),
    BookChapter(name="roles", label=gettext_lazy("Roles"), read=_role_parts),
    BookChapter(name="lists", label=gettext_lazy("Lists"), read=read_lists),
]
