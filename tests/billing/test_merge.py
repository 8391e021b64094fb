"""Two customers become one: VAT number, invoices and credit come along."""

from collections.abc import Callable

from billing.ledger.balance import find_differences
from billing.models import Invoice, Payment, apply_credit
from crm.jobs.creation.job_creation import open_job
from crm.people.merging import merge
from crm.people.models import Person
from quotes.taxes.models import TaxNumber
from quotes.taxes.models.tax_number import set_tax_number, tax_number_of
from tests.cast import House


def test_money_and_vat_number_come_along(
    house: House, bill: Callable[..., Invoice], pay: Callable[..., Payment]
) -> None:
    other = Person.objects.create(name="Cora V.")
    job = open_job(title="Gutters", by=house.mona, person=other, stage=house.stage("New"))
    set_tax_number(other, "NL854502130B01", by=house.mona)
    pay(5_000, job=job, person=other, ref="early")
    invoice = bill(5_000, of=job)
    merge.merge(house.cora, other, by=house.mona)
    invoice.refresh_from_db()
    number = tax_number_of(house.cora)
    assert number is not None
    assert (number.number, invoice.person_id) == ("NL854502130B01", house.cora.pk)
    assert apply_credit(invoice) == 5_000
    assert find_differences() == []


def test_of_two_vat_numbers_the_kept_ones_stays(house: House) -> None:
    other = Person.objects.create(name="Cora V.")
    set_tax_number(house.cora, "NL854502130B01", by=house.mona)
    set_tax_number(other, "BE0403170701", by=house.mona)
    done = merge.merge(house.cora, other, by=house.mona)
    assert [row.number for row in TaxNumber.objects.all()] == ["NL854502130B01"]
    merge.unmerge(done.uid, by=house.mona)
    assert TaxNumber.objects.count() == 2
