"""Show an address or number as people read it: "(813) 555-0142", and a mail address as it is."""

from crm.kernel import formats
from crm.platform.organization.configuration import directory


def readable_address(value: str) -> str:
    """Return a number in E.164 as the tenant's country writes it; anything else as it is."""
    if not value.startswith("+"):
        return value
    return formats.phone(value, directory().default_brand.country)
