"""A visitor's form entry, validated before it is stored; each error is shown beside its field."""

from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils.translation import gettext as _

from comms.inbound.text_cleaning import clean_text
from crm.kernel.normalization import parse_email, parse_phone
from crm.kernel.refusal import Refused
from leads.intake.fields import LONGEST, UTM
from leads.sources.utm import CLICKS

# What a person fills in, and how long it may be; the trap, which no person sees, of a name that no browser fills in by
# itself; what the page brings along.
TYPED = {"name": 200, "phone": 60, "email": 254, "street": 200, "postcode": 16, "city": 120, "message": LONGEST}
TRAP, TOKEN, EMBEDDED = "comment_title", "form", "embed"
BROUGHT = (*UTM, *CLICKS, "landing_page", "referrer")
# Fields of our form that say nothing of the lead.
OWN = dict.fromkeys((TRAP, TOKEN), "")
LONGEST_BROUGHT = 500


@dataclass
class FormEntry:
    """A form as filled in. `errors` by field; one under "" is about the whole form."""

    typed: dict[str, str] = field(default_factory=dict)
    brought: dict[str, str] = field(default_factory=dict)
    agreed: bool = False
    is_trapped: bool = False
    token: str = ""
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, given: QueryDict) -> "FormEntry":
        """Read a posted form, or the query string it was opened with."""
        return cls(
            {name: clean_text(given.get(name, ""), most).strip() for name, most in TYPED.items()},
            {name: clean_text(value, LONGEST_BROUGHT) for name in BROUGHT if (value := given.get(name, ""))},
            agreed=bool(given.get("consent")),
            is_trapped=bool(given.get(TRAP, "").strip()),
            token=given.get(TOKEN, ""),
        )

    def check(self, country: str) -> bool:
        """Validate, and store the errors; returns True if there are none."""
        if not self.typed["name"]:
            self.errors["name"] = _("Enter your name.")
        if not self.typed["phone"] and not self.typed["email"]:
            self.errors["phone"] = _("Enter a phone number or an email address, so that we can answer.")
        for name, parse in (("phone", lambda text: parse_phone(text, country)), ("email", parse_email)):
            try:
                parse(self.typed[name]) if self.typed[name] else None
            except Refused as why:
                self.errors[name] = str(why)
        return not self.errors

    @property
    def trouble(self) -> str:
        """The error of the whole form."""
        return self.errors.get("", "")

    @property
    def shown(self) -> dict[str, tuple[str, str]]:
        """The value and the error of each field, for the page."""
        return {name: (self.typed.get(name, ""), self.errors.get(name, "")) for name in TYPED}
