"""Forms about money: what to bill or credit, a payment, a refund, a promise."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.models import Invoice, Payment, PaymentMethod, PaymentPart, Refund
from billing.models.instalment_plan import MOST_PARTS, PartOfInvoice
from crm.kernel import formats
from crm.kernel.days import read_day
from crm.kernel.refusal import Refused
from crm.kernel.typed_values import NotationHabits, parse_money
from crm.web.reader import Reader
from quotes.editor.typed import plain_amount


class AmountInput(forms.CharField):
    """An amount as people write it, in one currency; cleaned to minor units."""

    def __init__(self, currency: str, reader: Reader, **options: Any) -> None:
        super().__init__(max_length=40, **options)
        self.currency = currency
        self.habits = NotationHabits.of(reader.country, currency, reader.zone)
        self.widget.attrs |= {"inputmode": "decimal", "class": "input w-auto", "autocomplete": "off"}

    def clean(self, value: Any) -> int | None:
        typed = super().clean(value)
        if not typed:
            return None
        try:
            minor, currency = parse_money(typed, self.habits)
        except Refused as why:
            raise forms.ValidationError(str(why)) from None
        if currency != self.currency:
            raise forms.ValidationError(_("Write it in the currency of the job."))
        return minor


class TypedDay(forms.CharField):
    """A day of a date field; cleaned to a date."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.TextInput(attrs={"type": "date", "class": "input w-auto"}), **options)

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        if not typed:
            return None
        day = read_day(typed)
        if day is None:
            raise forms.ValidationError(_("Choose a day."))
        return day


class RateInput(forms.DecimalField):
    """A tax rate in per cent; cleaned to parts per million."""

    def clean(self, value: Any) -> int:
        rate = super().clean(value)
        if rate is None:
            return 0
        return int(rate * 10_000)


def _text(label: Any, length: int, **options: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=length, widget=forms.TextInput(attrs={"class": "input", "maxlength": length}), **options
    )


def _select(label: Any, choices: Iterable[tuple[str, str]], **options: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=list(choices), widget=forms.Select(attrs={"class": "select"}), **options
    )


def _first_owed(invoices: Iterable[Invoice]) -> str:
    """Return the uid of the first invoice on which something is open; blank if there is none."""
    return next((str(one.uid) for one in invoices if one.is_owed), "")


class MoneyForm(forms.Form):
    """A form of a job's money; `once` makes a second click of the same form do nothing."""

    once = forms.UUIDField(widget=forms.HiddenInput)
    invoices: dict[str, Invoice]
    # The names of fields that stand side by side; the others stand below each other.
    pairs: tuple[tuple[str, str], ...] = ()

    def __init__(self, data: Any, currency: str, reader: Reader, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial={"once": uuid4()} | (initial or {}), label_suffix="")
        self.currency = currency
        self.reader = reader

    def amount_input(self, label: Any, *, required: bool = True) -> AmountInput:
        return AmountInput(self.currency, self.reader, label=label, required=required)

    @property
    def rows(self) -> list[list[forms.BoundField]]:
        """The fields that stand side by side."""
        return [[self[name] for name in pair] for pair in self.pairs]

    def invoice_choices(self) -> list[tuple[str, str]]:
        """Return the choices of a field of invoices, by uid."""
        return [(uid, self.invoice_words(one)) for uid, one in self.invoices.items()]

    def invoice_words(self, invoice: Invoice) -> str:
        """Return an invoice in words: "INV-2026-0031, Deposit: $684 open"."""
        amount = formats.money(invoice.open, invoice.currency, self.reader.country, self.reader.language)
        return _("%(number)s, %(title)s: %(amount)s open") % {
            "number": invoice.number,
            "title": invoice.title,
            "amount": amount,
        }


class BillForm(MoneyForm):
    """What to bill: a part of the plan, or something else."""

    def __init__(
        self, data: Any, currency: str, reader: Reader, parts: list[PaymentPart], *, due_days: int, rate_ppm: int
    ) -> None:
        super().__init__(data, currency, reader, {"days": due_days, "rate": f"{rate_ppm / 10_000:g}"})
        choices = [(f"part-{part.pk}", self._part_words(part)) for part in parts]
        self.fields["what"] = _select(_("What"), [*choices, ("own", str(_("Something else")))])
        self.fields["title"] = _text(_("What it is for"), 120, required=False)
        self.fields["amount"] = self.amount_input(_("Amount without tax"), required=False)
        self.fields["rate"] = RateInput(
            label=_("Tax in %"),
            required=False,
            min_value=0,
            max_value=50,
            widget=forms.NumberInput(attrs={"class": "input w-auto", "step": "0.001"}),
        )
        self.fields["days"] = forms.IntegerField(
            label=_("Days to pay"),
            min_value=0,
            max_value=180,
            widget=forms.NumberInput(attrs={"class": "input w-auto"}),
        )
        self.parts = {f"part-{part.pk}": part for part in parts}

    def _part_words(self, part: PaymentPart) -> str:
        amount = formats.money(part.amount, self.currency, self.reader.country, self.reader.language)
        return f"{part.name}: {amount}"

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("what") == "own":
            if not values.get("title"):
                self.add_error("title", _("Enter what it is for."))
            if not values.get("amount") and "amount" not in self.errors:
                self.add_error("amount", _("Enter an amount above zero."))
        return values


class CreditForm(MoneyForm):
    """What to credit on which invoice."""

    def __init__(self, data: Any, currency: str, reader: Reader, invoices: list[Invoice], first: str = "") -> None:
        super().__init__(data, currency, reader, {"invoice": first or _first_owed(invoices)})
        self.invoices = {str(one.uid): one for one in invoices}
        self.fields["invoice"] = _select(_("Invoice"), self.invoice_choices())
        self.fields["amount"] = self.amount_input(_("Amount with tax"))
        self.fields["reason"] = _text(_("Reason: the customer reads it"), 120)


class PaymentForm(MoneyForm):
    """A payment that came in by bank, in cash or by check."""

    BY_HAND = (PaymentMethod.BANK, PaymentMethod.CASH, PaymentMethod.CHECK, PaymentMethod.OTHER)

    def __init__(self, data: Any, currency: str, reader: Reader, invoices: list[Invoice], first: str = "") -> None:
        super().__init__(data, currency, reader, {"day": reader.today.isoformat(), "invoice": first})
        self.invoices = {str(one.uid): one for one in invoices}
        choices = [("", str(_("The oldest due first"))), *self.invoice_choices()]
        self.fields["amount"] = self.amount_input(_("Amount"))
        self.fields["method"] = _select(_("How"), [(one.value, str(one.label)) for one in self.BY_HAND])
        self.fields["day"] = TypedDay(label=_("When it came in"))
        self.fields["invoice"] = _select(_("For"), choices, required=False)
        self.fields["details"] = _text(_("Note, such as the number of the check"), 200, required=False)

    def clean_day(self) -> datetime:
        """Return the instant: now for today, else noon of the day."""
        day = self.cleaned_data["day"]
        if day == self.reader.today:
            return self.reader.now
        return datetime.combine(day, time(12), self.reader.zone).astimezone(UTC)


class RefundForm(MoneyForm):
    """What to give back, how and why."""

    def __init__(
        self, data: Any, currency: str, reader: Reader, invoices: list[Invoice], payments: list[Payment]
    ) -> None:
        super().__init__(data, currency, reader, {"invoice": _first_owed(invoices)})
        self.invoices = {str(one.uid): one for one in invoices}
        self.payments = {str(one.uid): one for one in payments}
        self.fields["amount"] = self.amount_input(_("Amount"))
        self.fields["invoice"] = _select(_("Invoice"), self.invoice_choices())
        means = [(Refund.Means.SET_OFF.value, str(Refund.Means.SET_OFF.label))]
        means += [(uid, self._payment_words(one)) for uid, one in self.payments.items()]
        self.fields["means"] = _select(_("How"), means)
        self.fields["reason"] = _text(_("Reason: the customer reads it"), 300)

    def _payment_words(self, payment: Payment) -> str:
        amount = formats.money(payment.amount, payment.currency, self.reader.country, self.reader.language)
        words = {"method": payment.get_method_display(), "amount": amount, "day": self.reader.day(payment.received_at)}
        return _("Pay back: %(method)s of %(day)s, %(amount)s") % words


class PromiseForm(MoneyForm):
    """By which day the customer pays."""

    def __init__(self, data: Any, currency: str, reader: Reader) -> None:
        super().__init__(data, currency, reader)
        self.fields["until"] = TypedDay(label=_("The customer pays by"))
        self.fields["amount"] = self.amount_input(_("Amount; blank: all that is open"), required=False)
        self.fields["words"] = _text(_("What the customer said"), 300, required=False)


class InstalmentForm(MoneyForm):
    """The parts in which an invoice is paid: day and amount of each; a row that is left blank is none."""

    pairs = tuple((f"day_{number}", f"amount_{number}") for number in range(1, MOST_PARTS + 1))

    def __init__(self, data: Any, currency: str, reader: Reader, proposed: list[PartOfInvoice]) -> None:
        initial: dict[str, Any] = {}
        for (day, amount), part in zip(self.pairs, proposed, strict=False):
            initial[day] = part.due_on.isoformat()
            initial[amount] = plain_amount(part.amount, currency, reader.country)
        super().__init__(data, currency, reader, initial)
        for number, (day, amount) in enumerate(self.pairs, 1):
            self.fields[day] = TypedDay(label=_("Part %(number)s, by") % {"number": number}, required=False)
            self.fields[amount] = self.amount_input(_("Amount"), required=False)
        self.parts: list[tuple[date, int]] = []

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for day, amount in self.pairs:
            if values.get(day) and values.get(amount):
                self.parts.append((values[day], values[amount]))
            elif values.get(day) and amount not in self.errors:
                self.add_error(amount, _("Enter an amount above zero."))
            elif values.get(amount) and day not in self.errors:
                self.add_error(day, _("Choose a day."))
        return values


class DisputeForm(MoneyForm):
    """Form: the reason why the customer disputes an invoice."""

    def __init__(self, data: Any, currency: str, reader: Reader) -> None:
        super().__init__(data, currency, reader)
        self.fields["words"] = _text(_("What the customer disputes"), 500)


class ReasonForm(MoneyForm):
    """Why a refund is refused, or a payment reversed."""

    def __init__(self, data: Any, currency: str, reader: Reader) -> None:
        super().__init__(data, currency, reader)
        self.fields["why"] = _text(_("Reason"), 300)
