"""The languages customers are written to."""

from collections.abc import Iterable

from crm.platform.organization.configuration import directory


def brand_languages(more: Iterable[str] = ()) -> list[str]:
    """Return the languages of the brands in use, the default brand's first, and `more` that have a text."""
    here = directory()
    in_use = [brand.language for brand in here.brands.values() if brand.archived_at is None]
    return list(dict.fromkeys([here.default_brand.language, *in_use, *more]))
