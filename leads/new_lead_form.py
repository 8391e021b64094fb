"""The form of a new lead: parses the input, in the brand's formats, into arguments of `open_lead`."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.jobs.creation.known_customers import CustomerMatch, known_at
from crm.jobs.fields.setup import job_fields, part_key
from crm.jobs.fields.values import parse_value, value_choices
from crm.jobs.models import Job
from crm.jobs.models.fields import FieldKind, OwnField
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel.normalization import parse_email, parse_phone
from crm.kernel.refusal import Refused
from crm.kernel.typed_values import NotationHabits, parse_money
from crm.people.lookup import WrittenAddress
from crm.people.models import Person
from crm.platform.access.permissions import allows
from crm.platform.models import Brand
from crm.platform.organization.configuration import directory
from crm.web.requests.http import TenantRequest
from leads.new_lead import NewLead, opened_by

SOMEBODY_NEW = "new"
# Who types a lead knows of it, so that it starts in the first step, unless they say otherwise.
NO_STATUS = "none"
# So many own fields are shown at once; more unfold.
FEW = 4


def _text_field(label: Any, length: int, **attrs: Any) -> forms.CharField:
    widget = forms.TextInput({"class": "input", "autocomplete": "off", **attrs})
    return forms.CharField(label=label, max_length=length, required=False, widget=widget)


def _select_field(label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, widget=forms.Select({"class": "select"}))


def own_form_field(field: OwnField) -> forms.Field:
    """Return the form field of one of the tenant's own fields."""
    if choices := value_choices(field):
        widget = forms.Select({"class": "select"})
        return forms.ChoiceField(label=field.name, required=False, choices=choices, widget=widget)
    attrs = {}
    if field.kind == FieldKind.DATE:
        attrs = {"type": "date"}
    modes = {FieldKind.NUMBER: "decimal", FieldKind.LINK: "url"}
    return _text_field(field.name, 200, inputmode=modes.get(FieldKind(field.kind), "text"), **attrs)


class OpeningForm(forms.Form):
    """Form of a new lead. Invalid input is refused with a sentence; a known customer must be chosen or denied."""

    form = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    name = _text_field(gettext_lazy("Name"), 200)
    phone = _text_field(gettext_lazy("Phone"), 60, inputmode="tel")
    email = _text_field(gettext_lazy("Email"), 254, inputmode="email")
    street = _text_field(gettext_lazy("Street and number"), 200)
    postcode = _text_field(gettext_lazy("Postal code"), 16)
    city = _text_field(gettext_lazy("City"), 120)
    region = _text_field(gettext_lazy("State or province"), 80)
    brand = _select_field(gettext_lazy("Brand"))
    pipeline = _select_field(gettext_lazy("Pipeline"))
    stage = _select_field(gettext_lazy("Step"))
    source = _select_field(gettext_lazy("Source"))
    member = _select_field(gettext_lazy("Owner"))
    value = _text_field(gettext_lazy("Value"), 40, inputmode="decimal")
    then = _text_field(gettext_lazy("Next step"), 200, placeholder=gettext_lazy("call tue 3pm"))
    note = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=4000,
        required=False,
        widget=forms.Textarea({"class": "textarea", "rows": 2}),
    )
    person = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, request: TenantRequest, given: Mapping[str, str] | None, initial: Mapping[str, str]) -> None:
        super().__init__(given, initial=dict(initial))
        self.request = request
        self.by = request.member
        self.known: list[CustomerMatch] = []
        self._set_choices()
        for field in job_fields().live:
            self.fields[part_key(field)] = own_form_field(field)
        self._ask_while_typing()

    def _set_choices(self) -> None:
        """Set the options of selects; selects without a choice are left out."""
        fields: Any = self.fields
        brands = [row for row in directory().brands.values() if row.archived_at is None]
        live = [row for row in pipeline_setup().pipelines.values() if row.archived_at is None]
        sources = [row for row in pipeline_setup().sources.values() if row.archived_at is None]
        fields["brand"].choices = [(str(row.uid), row.name) for row in brands]
        fields["pipeline"].choices = [(str(row.uid), row.name) for row in live]
        fields["pipeline"].initial = str(pipeline_setup().default_pipeline.uid)
        steps = [(row.name, [(str(stage.pk), stage.name) for stage in pipeline_setup().steps(row.pk)]) for row in live]
        fields["stage"].choices = [("", _("First step")), (NO_STATUS, _("None yet (no status)")), *steps]
        fields["source"].choices = [("", _("unknown")), *((str(row.pk), row.name) for row in sources)]
        others = [(str(row.uid), row.name) for row in directory().members.values() if row.active]
        fields["member"].choices = [("", _("unclaimed")), *others]
        if len(brands) < 2:
            del fields["brand"]
        if not sources:
            del fields["source"]
        if not allows(self.by, "leads.open_for_others"):
            del fields["member"]

    def _ask_while_typing(self) -> None:
        slug = self.request.tenant.slug
        attributes = {
            "hx-get": reverse("leads:known", args=[slug]),
            "hx-target": "#known",
            "hx-include": "closest form",
        }
        for name in ("phone", "email"):
            self.fields[name].widget.attrs |= attributes | {
                "hx-trigger": "input changed delay:500ms",
                "hx-sync": "closest form:abort",
            }
        self.fields["then"].widget.attrs |= {
            "hx-get": reverse("followups:understand", args=[slug]),
            "hx-trigger": "input changed delay:250ms",
            "hx-target": "#understood",
            "hx-swap": "innerHTML",
        }

    # Reading

    def brand_in(self, given: Mapping[str, Any]) -> Brand:
        """Return the chosen brand, else the tenant's default."""
        brands = directory().brands.values()
        return next((row for row in brands if str(row.uid) == given.get("brand")), directory().default_brand)

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        brand = self.brand_in(cleaned)
        cleaned["email"] = self._parse_field("email", parse_email) or ""
        cleaned["phone"] = self._parse_field("phone", lambda text: parse_phone(text, brand.country))
        cleaned["value"] = self._parse_field("value", lambda text: _parse_amount(text, brand))
        if cleaned.get("city") and not cleaned.get("street"):
            self.add_error("street", _("Enter a street."))
        for field in job_fields().live:
            self._read_own(field)
        self._check_step(cleaned)
        self._check_person(cleaned)
        return cleaned

    def _parse_field(self, name: str, parse: Callable[[str], Any]) -> Any:
        text = self.cleaned_data.get(name)
        if not text:
            return None
        try:
            return parse(text)
        except Refused as why:
            self.add_error(name, str(why))
            return None

    def _read_own(self, field: OwnField) -> None:
        key = part_key(field)
        try:
            self.cleaned_data[key] = parse_value(field, self.cleaned_data.get(key) or "")
        except Refused as why:
            self.add_error(key, str(why))

    @property
    def own(self) -> list[forms.BoundField]:
        """The tenant's own fields."""
        return [self[part_key(field)] for field in job_fields().live]

    @property
    def shows_own(self) -> bool:
        """True if these are shown open: there are few, or one has a value."""
        return len(self.own) <= FEW or any(field.value() or field.errors for field in self.own)

    def _check_step(self, cleaned: dict[str, Any]) -> None:
        pipelines = pipeline_setup().pipelines.values()
        chosen = next(
            (row for row in pipelines if str(row.uid) == cleaned.get("pipeline")), pipeline_setup().default_pipeline
        )
        cleaned["pipeline"] = chosen
        typed = cleaned.get("stage") or pipeline_setup().first_step(chosen.pk)
        stage = None
        if typed and typed != NO_STATUS:
            stage = pipeline_setup().stages.get(int(typed))
        cleaned["stage"] = stage
        if stage and stage.pipeline_id != chosen.pk:
            self.add_error("stage", _("That is no step of “%(pipeline)s”.") % {"pipeline": chosen.name})

    def _check_person(self, cleaned: dict[str, Any]) -> None:
        """Require that a customer known at the same contact point is chosen or denied; no other can be chosen."""
        values = []
        if cleaned["phone"]:
            values = [cleaned["phone"].e164]
        self.known = known_at([*values, *filter(None, [cleaned["email"]])], by=self.by)
        chosen = cleaned.get("person", "")
        one = next((candidate for candidate in self.known if candidate.uid and candidate.uid == chosen), None)
        if one:
            cleaned["person"] = one.person
        else:
            cleaned["person"] = None
        if one is None and self.known and chosen != SOMEBODY_NEW:
            self.add_error("person", _("A customer with this phone or email exists. Is it the same one?"))
        if not cleaned.get("name") and one is None:
            self.add_error("name", _("Enter the name of a person or company."))

    def opened_before(self) -> Job | None:
        """Return the job this form has already opened, e.g. after a double click, when its own customer is known."""
        try:
            return opened_by(UUID(self.data.get("form", "")))
        except ValueError:
            return None

    def new_lead(self) -> NewLead:
        """Return the parsed new lead. Requires a valid form."""
        cleaned = self.cleaned_data
        members = directory().members
        chosen = next((row for row in members.values() if str(row.uid) == cleaned.get("member")), None)
        brand = self.brand_in(cleaned)
        street, postcode, city, region = (cleaned[name].strip() for name in ("street", "postcode", "city", "region"))
        address = WrittenAddress(street, postcode, city, region, brand.country)
        return NewLead(
            form=cleaned["form"],
            name=cleaned["name"],
            brand=brand,
            pipeline=cleaned["pipeline"],
            phone=cleaned["phone"],
            email=cleaned["email"],
            address=address if address.street else None,
            stage=cleaned["stage"],
            source=pipeline_setup().sources.get(int(cleaned.get("source") or 0)),
            member=chosen if "member" in self.fields else self.by,
            value=cleaned["value"],
            note=cleaned["note"].strip(),
            own_fields={field.key: value for field in job_fields().live if (value := cleaned[part_key(field)])},
            seen=frozenset(candidate.person.pk for candidate in self.known),
        )

    @property
    def same(self) -> Person | None:
        """Return the known person it is for. Requires a valid form."""
        person: Person | None = self.cleaned_data["person"]
        return person


def _parse_amount(text: str, brand: Brand) -> int:
    """Parse an amount into minor units of the brand's currency. Raises Refused."""
    minor, currency = parse_money(text, NotationHabits.of(brand.country, brand.currency, ZoneInfo("UTC")))
    if currency != brand.currency:
        raise Refused(_("%(brand)s uses %(currency)s.") % {"brand": brand.name, "currency": brand.currency})
    return minor
