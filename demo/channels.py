"""Give every brand of a demo organization its channels: addresses, a number and WhatsApp, over the built-in ones."""

from billing.models import ProviderAccount
from comms.models import Channel, Medium, SenderProfile
from comms.models.channel import new_webhook_key
from crm.kernel import formats
from crm.platform.models import Brand

_ROLES = (Channel.Role.SUPPORT, Channel.Role.SALES, Channel.Role.ADMIN, Channel.Role.NOREPLY)
# What is tried when a message fails, by its purpose.
_FALLBACK = {"transactional": ["email", "sms"], "service": ["whatsapp", "sms", "email"]}
_FOOTERS = {
    "suncoast.example": "{brand} · 900 N Franklin St, Tampa, FL 33602",
    "chargeline.example": "{brand} · Croeselaan 15, 3521 BJ Utrecht · KvK 00001234",
}
_REGARDS = {"nl": "Met vriendelijke groet,\n{brand}\n{phone}", "en": "Kind regards,\n{brand}\n{phone}"}


def create_channels() -> int:
    """Create the channels of the tenant in use; return how many."""
    taken: set[str] = set()
    brands = list(Brand.objects.order_by("-is_default", "pk"))
    return sum(_channels_of(brand, taken) for brand in brands)


def connect_payments() -> None:
    """Let customers of every brand pay on the built-in payment page."""
    for brand in Brand.objects.all():
        ProviderAccount.connect(brand, ProviderAccount.Kind.DEMO, {"key": new_webhook_key()}, by=None)


def _channels_of(brand: Brand, taken: set[str]) -> int:
    for role in _ROLES:
        _create(brand, Medium.EMAIL, role, _address(brand, role, taken))
    for medium in (Medium.SMS, Medium.WHATSAPP, Medium.CALL):
        _create(brand, medium, Channel.Role.SUPPORT, brand.phone)
    domain = brand.email.rpartition("@")[2]
    footer = next((text for ends, text in _FOOTERS.items() if domain.endswith(ends)), "{brand}")
    words = {"brand": brand.name, "phone": formats.phone(brand.phone, brand.country)}
    SenderProfile.objects.create(
        brand=brand,
        signature=_REGARDS[brand.language].format(**words),
        footer=footer.format(**words),
        fallback=_FALLBACK,
    )
    return len(_ROLES) + 3


def _address(brand: Brand, role: Channel.Role, taken: set[str]) -> str:
    """Return an address of a brand: the one it is known by for support; brands of one domain each have their own."""
    name, _at, domain = brand.email.partition("@")
    if role == Channel.Role.SUPPORT:
        return brand.email
    address = f"{role}@{domain}" if f"{role}@{domain}" not in taken else f"{name}.{role}@{domain}"
    taken.add(address)
    return address


def _create(brand: Brand, medium: Medium, role: Channel.Role, address: str) -> None:
    is_mail = medium == Medium.EMAIL
    # Set up with the organization, two years ago: no event of today.
    Channel(
        webhook_key=new_webhook_key(),
        brand=brand,
        medium=medium,
        role=role,
        provider="embedded",
        address=address,
        display_name="",
        settings={"plus_addressing": "yes"} if is_mail and role != Channel.Role.NOREPLY else {},
        registration=Channel.Registration.APPROVED if medium == Medium.SMS else Channel.Registration.NOT_NEEDED,
    ).save()
