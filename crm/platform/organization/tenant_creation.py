"""Create a tenant: its row, its first calendar and brand, what each app starts it with, and its first admin.

What an app starts it with is a `TenantStart` entry, called inside the tenant.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import ClassVar

import holidays
from babel.core import Locale
from babel.languages import get_official_languages
from babel.numbers import get_territory_currencies
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from crm.platform import features
from crm.platform.accounts.outbox import queue_mail
from crm.platform.accounts.password_reset import reset_link
from crm.platform.events import events
from crm.platform.features import Feature
from crm.platform.models import RESERVED_SLUGS, Brand, BusinessCalendar, Member, Role, Tenant, User
from crm.platform.tenancy.context import use_tenant


@dataclass(frozen=True)
class TenantStart(Feature):
    """What an app creates in a new tenant: called inside it, once, after its calendar and brand.

    `again`: what gives a tenant that is there already what came since: called after each migration, creates what is
    missing alone, and leaves what is there as it is.
    """

    unique: ClassVar[tuple[str, ...]] = ("begin",)

    begin: Callable[[], None]
    again: Callable[[], None] | None = None


@dataclass(frozen=True)
class CountryDefaults:
    """The defaults a country suggests for a tenant in it."""

    currency: str
    language: str
    time_zone: str


def country_defaults(country: str) -> CountryDefaults:
    """Return the currency, language and time zone of an ISO country code. Raises ValueError for an unknown one."""
    zones = _zones_by_country().get(country)
    currencies = []
    if country in Locale("en").territories:
        currencies = get_territory_currencies(country)
    if not zones or not currencies:
        raise ValueError(f"{country!r} is no ISO 3166 code of a country, such as US or NL")
    spoken = get_official_languages(country, de_facto=True)
    ours = [code for code, _label in settings.LANGUAGES if code in spoken]
    return CountryDefaults(currencies[0], ours[0] if ours else settings.LANGUAGE_CODE, zones[0])


def create_tenant(
    *, slug: str, name: str, country: str, admin_email: str, admin_name: str, time_zone: str = ""
) -> tuple[Tenant, str]:
    """Create a tenant and invite its admin; return it with the link that was mailed. As the owner.

    Raises ValueError for an unknown country, ValidationError for a slug that is taken, reserved or misshapen.
    """
    suggestion = country_defaults(country)
    tenant = Tenant(slug=slug, name=name, country=country, currency=suggestion.currency, language=suggestion.language)
    tenant.time_zone = time_zone or suggestion.time_zone
    if slug in RESERVED_SLUGS:
        raise ValidationError(_("“%(slug)s” is reserved. Choose another.") % {"slug": slug})
    tenant.full_clean()
    with transaction.atomic():
        tenant.save()
        with use_tenant(tenant):
            _create_defaults(tenant)
            admin = _first_admin(admin_email, admin_name)
            events.record("tenant.created", subject=tenant, by=None, data={"admin": admin.pk})
        with translation.override(tenant.language):
            return tenant, mail_first_sign_in(admin.user, organization=name)


def add_missing_defaults() -> None:
    """Give all tenants what new ones start with since an upgrade. As the owner."""
    starts = [start.again for start in features.of(TenantStart) if start.again]
    for tenant in Tenant.objects.order_by("pk"):
        with transaction.atomic(), use_tenant(tenant), translation.override(tenant.language):
            for again in starts:
                again()


def _create_defaults(tenant: Tenant) -> None:
    calendar = BusinessCalendar(name=tenant.name[:80], time_zone=tenant.time_zone, is_default=True)
    if tenant.country in holidays.list_supported_countries():
        calendar.holiday_country = tenant.country
    else:
        calendar.holiday_country = ""
    calendar.clean()
    calendar.save()
    Brand.objects.create(
        name=tenant.name,
        country=tenant.country,
        currency=tenant.currency,
        language=tenant.language,
        hue=tenant.brand_hue,
        calendar=calendar,
        is_default=True,
    )
    with translation.override(tenant.language):
        for start in features.of(TenantStart):
            start.begin()


def _first_admin(email: str, name: str) -> Member:
    address = email.strip().lower()
    user = User.objects.filter(email=address).first() or User.objects.create_user(address, name=name)
    return Member.objects.create(user=user, name=name or address.partition("@")[0], role=Role.ADMIN)


def country_codes() -> list[str]:
    """Return the ISO codes of all countries that have a time zone."""
    return list(_zones_by_country())


@cache
def _zones_by_country() -> dict[str, list[str]]:
    """Map country codes to time zones, the most populous region first, as the tz database lists them."""
    zones: dict[str, list[str]] = {}
    for line in resources.files("tzdata.zoneinfo").joinpath("zone.tab").read_text().splitlines():
        if line and not line.startswith("#"):
            country, _place, zone = line.split("\t")[:3]
            zones.setdefault(country, []).append(zone)
    return zones


def mail_first_sign_in(user: User, *, organization: str) -> str:
    """Mail a new colleague a link to choose a password, or to the sign-in page; return the link."""
    known = user.has_usable_password()
    if known:
        url = f"{settings.SITE_URL}{reverse('account_login')}"
    else:
        url = reset_link(user)
    context = {"user": user, "organization": organization, "url": url, "known": known}
    subject = render_to_string("account/email/invitation_subject.txt", context).strip()
    body = render_to_string("account/email/invitation_message.txt", context).strip()
    queue_mail(to=user.email, subject=subject, body=body, user=user)
    return url
