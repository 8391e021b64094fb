"""Channel forms: common fields, and those of the provider."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comms.channels import registry
from comms.channels.bound_secrets import unbound_secrets
from comms.channels.interface import Provider, Setting
from comms.channels.mail_servers import connection_problem
from comms.models import Channel, Medium
from comms.outbox.composition import HEADERS_ALONE, PLUS_ADDRESSING
from crm.kernel import normalization
from crm.kernel.whole_numbers import read_number
from crm.platform.http.guarded_connection import check_server
from crm.platform.http.public_address import ForbiddenAddress
from crm.platform.models import Brand, Member
from crm.platform.organization.configuration import directory
from crm.web.settings.fields import select_field, set_choices, text_field

# A channel's own, beside what every provider of mail can do with it.
FIELDS = ("medium", "role", "address", "display_name", "registration")
# What a provider's settings are called in the form: apart from our own.
PREFIX = "provider_"


class ProviderForm(forms.Form):
    """The first step of a new channel: purpose and provider."""

    carrier = select_field(gettext_lazy("Channel and provider"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = [
            (medium.label, [(f"{medium}:{each.key}", each.name) for each in registry.offered_providers(medium)])
            for medium in (Medium.EMAIL, Medium.SMS, Medium.WHATSAPP, Medium.CALL)
        ]
        set_choices(self, "carrier", [group for group in groups if group[1]])


class ChannelForm(forms.Form):
    """A channel of one provider."""

    brand = select_field(gettext_lazy("Brand"))
    role = select_field(gettext_lazy("Used for"), Channel.Role.choices)
    owner = select_field(
        gettext_lazy("Owner"),
        required=False,
        hint=gettext_lazy("For a member’s personal mailbox. The owner decides what others see."),
    )
    address = text_field(gettext_lazy("Address or number"), 254)
    display_name = text_field(
        gettext_lazy("Sender’s name"), 120, required=False, hint=gettext_lazy("Blank uses the brand’s name.")
    )
    registration = select_field(
        gettext_lazy("Registration with the carriers"),
        Channel.Registration.choices,
        hint=gettext_lazy("For US numbers (A2P 10DLC). Texts wait until it is approved."),
    )

    def __init__(
        self, data: Any, *, provider: Provider, medium: str, channel: Channel | None = None, initial: Any = None
    ) -> None:
        super().__init__(data, initial=initial)
        self.provider = provider
        self.medium = medium
        self.channel = channel
        # Kept secrets that were not given for the servers that are named now.
        self.unbound: list[str] = []
        self.brands = {str(row.uid): row for row in directory().brands.values() if not row.archived_at}
        if channel:
            self.brands.setdefault(str(channel.brand.uid), channel.brand)
        self.members = {str(row.pk): row for row in directory().members.values() if row.active}
        set_choices(self, "brand", [(uid, row.name) for uid, row in self.brands.items()])
        set_choices(
            self, "owner", [("", _("The brand (nobody’s own)")), *((pk, row.name) for pk, row in self.members.items())]
        )
        if medium != Medium.SMS:
            del self.fields["registration"]
        if medium != Medium.EMAIL:
            del self.fields["owner"]
            set_choices(self, "role", [choice for choice in Channel.Role.choices if choice[0] != Channel.Role.PERSONAL])
        self.asked = [*provider.settings, *(MAIL_SETTINGS if medium == Medium.EMAIL else ())]
        for setting in self.asked:
            self.fields[PREFIX + setting.name] = _setting_field(setting, channel)

    def clean_address(self) -> str:
        """Normalize the address, and reject one in use."""
        given = self.cleaned_data["address"]
        country = ""
        if self.data.get("brand") in self.brands:
            country = self.brands[self.data["brand"]].country
        is_mail = self.medium == Medium.EMAIL
        if is_mail:
            address = normalization.normalize_email(given)
        else:
            address = normalization.normalize_phone(given, country)
        if not address:
            raise forms.ValidationError(
                _("That is not a valid email address.") if is_mail else _("That is not a valid phone number.")
            )
        others = Channel.objects.in_use().filter(medium=self.medium, address=address)
        if others.exclude(pk=self.channel.pk if self.channel else None).exists():
            raise forms.ValidationError(_("Another channel has this address."))
        return address

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("role") == Channel.Role.PERSONAL and not data.get("owner"):
            self.add_error("owner", _("Choose whose mailbox it is."))
        if self.channel and self.channel.owner_id and self._chosen_owner(data) != self.channel.owner:
            self.add_error(
                None, _("A colleague’s mailbox can’t be given to somebody else. Archive it and set up another.")
            )
        self._check_places(data)
        return data

    def _check_places(self, given: dict[str, Any]) -> None:
        """Refuse unreachable servers, and new ones without the secrets they would receive."""
        places = self.provider.places(self._public_settings(given))
        for place in places:
            port = read_number(place.port, most=65535)
            try:
                check_server(place.host, -1 if port is None else port, place.ports)
            except ForbiddenAddress as error:
                self.add_error(PREFIX + place.setting, connection_problem(error))
        self.unbound = unbound_secrets(self.provider, self.channel, self._public_settings(given))
        for name in self.unbound:
            if not given.get(PREFIX + name) and PREFIX + name in self.fields:
                self.add_error(PREFIX + name, _("Enter it again: the saved one belongs to another server."))

    def _public_settings(self, given: dict[str, Any]) -> dict[str, str]:
        """Return the entered settings that are not secret."""
        return {each.name: given.get(PREFIX + each.name) or "" for each in self.asked if not each.secret}

    @property
    def facts(self) -> dict[str, Any]:
        """Return the fields to save, without secrets."""
        cleaned = self.cleaned_data
        facts = {name: cleaned[name] for name in FIELDS if name in cleaned}
        brand: Brand = self.brands[cleaned["brand"]]
        kept = {}
        if self.channel:
            kept = self.channel.settings
        return facts | {
            "brand": brand,
            "owner": self._chosen_owner(cleaned),
            "settings": kept | self._public_settings(cleaned),
        }

    def _chosen_owner(self, given: dict[str, Any]) -> Member | None:
        if given.get("role") == Channel.Role.PERSONAL:
            return self.members.get(given.get("owner", ""))
        return None

    @property
    def secrets(self) -> dict[str, str]:
        """Return the entered secrets; blank ones stay unchanged."""
        cleaned = self.cleaned_data
        return {
            each.name: cleaned[PREFIX + each.name] for each in self.asked if each.secret and cleaned[PREFIX + each.name]
        }


# What any channel of mail may have, whoever carries it.
MAIL_SETTINGS = (
    Setting(
        "plus_addressing",
        gettext_lazy("How replies are recognized"),
        required=False,
        choices=(
            ("", gettext_lazy("By a line [ref:…] below plain-text emails")),
            (PLUS_ADDRESSING, gettext_lazy("By a reply address: name+code@…")),
            (HEADERS_ALONE, gettext_lazy("By email headers only")),
        ),
        hint=gettext_lazy(
            "Choose the reply address if your server delivers name+anything@… to this mailbox. Customers "
            "then see no extra line."
        ),
    ),
    Setting(
        "reply_domain",
        gettext_lazy("Reply domain"),
        required=False,
        hint=gettext_lazy(
            "Mail to any address in this domain reaches this webhook, so replies are matched to their conversation."
        ),
    ),
)


def initial_of(channel: Channel) -> dict[str, Any]:
    """Return the initial form values of a channel, without secrets."""
    facts = {name: getattr(channel, name) for name in FIELDS}
    settings = {PREFIX + name: value for name, value in channel.settings.items()}
    return facts | {"brand": str(channel.brand.uid), "owner": str(channel.owner_id or "")} | settings


def masked_secret(secret: str) -> str:
    """Return a secret masked: the last four characters of a long one."""
    if len(secret) > 11:
        return f"••••{secret[-4:]}"
    return "••••"


def _setting_field(setting: Setting, channel: Channel | None) -> forms.CharField | forms.ChoiceField:
    hint: Any = setting.hint
    if setting.secret:
        stored_secret = ""
        if channel:
            stored_secret = channel.secrets.get(setting.name, "")
        if stored_secret:
            hint = _("Set: %(masked)s. Blank keeps it.") % {"masked": masked_secret(stored_secret)}
        widget = forms.PasswordInput({"class": "input", "autocomplete": "off", "spellcheck": "false"})
        required = setting.required and not stored_secret
        label = str(setting.label)
        return forms.CharField(label=label, required=required, help_text=hint, widget=widget, max_length=4000)
    if setting.choices:
        return select_field(setting.label, setting.choices, required=setting.required, hint=hint)
    return text_field(setting.label, 500, required=setting.required, hint=hint)
