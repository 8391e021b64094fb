"""The look of a brand's papers: its logo or name, its color, how to reach it, and the customer's language."""

from functools import lru_cache

from django.utils.translation import gettext as _

from comms.models import SenderProfile
from comms.rendering import colors
from crm.kernel import formats
from crm.people.models import Person
from crm.platform.files import stored_files
from crm.platform.models import Brand, StoredFile
from crm.platform.organization.configuration import cached_per_tenant
from libs.printed_pdf import PageLook

# Where paper is of the size Letter.
LETTER_COUNTRIES = frozenset({"US", "CA", "MX"})


def page_look(brand: Brand, *lines: str) -> PageLook:
    """Return the look of a brand's papers in the active language. `lines`: above its telephone and address."""
    phone = formats.phone(brand.phone, brand.country) if brand.phone else ""
    return PageLook(
        brand=brand.name,
        accent=colors.palette(brand.hue).link,
        lines=tuple(filter(None, [*lines, phone, brand.email])),
        logo=_logo_of(brand.pk),
        is_letter=brand.country in LETTER_COUNTRIES,
        page_label=_("Page %(page)s of %(pages)s"),
    )


def language_of(brand: Brand, person: Person | None) -> str:
    """Return the language a customer reads: theirs, else the brand's."""
    return (person.language if person else "") or brand.language or "en"


@cached_per_tenant
def _logo_ids() -> dict[int, int]:
    """Return the ids of the logos of mail, by brand id."""
    return dict(SenderProfile.objects.filter(logo__isnull=False).values_list("brand_id", "logo_id"))


def _logo_of(brand_id: int) -> bytes | None:
    logo_id = _logo_ids().get(brand_id)
    if logo_id is None:
        return None
    return _read_logo(logo_id)


@lru_cache(maxsize=64)
def _read_logo(file_id: int) -> bytes | None:
    """Return a logo, which never changes: a new one is another file. Ids are unique over all tenants."""
    file = StoredFile.objects.filter(pk=file_id).first()
    if file is None:
        return None
    try:
        with stored_files.open_file(file) as opened:
            return opened.read()
    except stored_files.FileGone:
        return None
