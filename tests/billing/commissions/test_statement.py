"""Monthly statements: each commission on one, numbered without gaps, frozen, mailed and paid."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from billing.commissions.monthly import MONTHLY, draw_up_last_month
from billing.commissions.paper import statement_file
from billing.commissions.sending import follow_issued_statements, send_statement
from billing.ledger.balance import find_differences
from billing.models import Commission, CommissionAgreement, CommissionLine, CommissionStatement, reverse_payment
from billing.models.commissions.statement import draw_up_statements
from comms.models import Channel, Message
from crm.jobs.models import Job
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.models import Due, Event
from crm.platform.tenancy.context import use_tenant
from crm.web.models import Notice
from leads.models import Partner
from tests.billing.commissions.conftest import NEXT_MONTH, NOVEMBER, Earn
from tests.billing.conftest import recorded
from tests.billing.paper.test_papers import text_of
from tests.billing.test_invoice import balance
from tests.cast import Cast, House, load_cast
from tests.together import together

Make = Callable[..., Any]


def test_a_statement_has_what_was_earned_until_the_end_of_the_month(draft: CommissionStatement) -> None:
    assert (draft.total, draft.currency, draft.state, draft.lines.count()) == (5_000, "USD", "draft", 1)


def test_drawing_up_again_states_nothing_twice(house: House, draft: CommissionStatement) -> None:
    with clock.at(NEXT_MONTH):
        assert draw_up_statements(NOVEMBER, by=house.mona) == []
    with pytest.raises(IntegrityError, match="commission_is_stated_once"), transaction.atomic():
        CommissionLine.objects.create(statement=draft, commission=Commission.objects.get())


def test_a_month_that_is_not_over_is_refused(house: House) -> None:
    with pytest.raises(Refused, match="not over"):
        draw_up_statements(NOVEMBER, by=house.mona)


def test_what_is_taken_back_comes_off_the_next_one(
    house: House, draft: CommissionStatement, earn: Earn, pay: Make, bill: Make
) -> None:
    draft.issue(by=house.mona)
    with clock.at(NEXT_MONTH):
        reverse_payment(Commission.objects.get().job.payments.get(), "Slip", by=house.sam)
        earn()
    with clock.at(NEXT_MONTH + timedelta(days=31)):
        assert draw_up_statements(NEXT_MONTH.date(), by=house.mona) == []
        bill(200_000)
        pay(300_000)
        earn()
    with clock.at(NEXT_MONTH + timedelta(days=62)):
        later = draw_up_statements((NEXT_MONTH + timedelta(days=31)).date(), by=house.mona)
    assert [one.lines.count() for one in later] == [2]


def test_an_issued_one_has_a_number_and_does_not_change(house: House, draft: CommissionStatement) -> None:
    for _time in range(2):
        draft.issue(by=house.mona)
    assert (draft.number, draft.payee["name"], recorded("commission_statement.issued")) == (
        "CS-2026-0001",
        "Bay Roofs",
        1,
    )
    rows = CommissionStatement.objects.filter(pk=draft.pk)
    for change in (
        lambda: rows.update(total=1),
        lambda: CommissionLine.objects.all().delete(),
        lambda: rows.delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_a_draft_that_is_deleted_frees_its_lines(house: House, draft: CommissionStatement) -> None:
    draft.discard(by=house.mona)
    with clock.at(NEXT_MONTH):
        assert [one.total for one in draw_up_statements(NOVEMBER, by=house.mona)] == [5_000]


def test_paid_out_is_in_the_books_once(house: House, draft: CommissionStatement) -> None:
    with pytest.raises(Refused, match="Issue it first"):
        draft.note_paid(by=house.mona)
    draft.issue(by=house.mona)
    for _time in range(2):
        draft.note_paid(by=house.mona)
    assert (draft.state, balance("partners"), balance("bank"), find_differences()) == ("paid", 0, 95_000, [])


def test_it_is_mailed_with_its_pdf_once(house: House, draft: CommissionStatement) -> None:
    address = "office@suncoast.example"
    Channel.create(by=None, brand=draft.brand, medium="email", role="support", provider="embedded", address=address)
    draft.issue(by=house.mona)
    issued = list(Event.objects.filter(kind="commission_statement.issued"))
    for _time in range(2):
        follow_issued_statements(issued)
    message = Message.objects.get(address="office@bayroofs.example")
    assert (message.subject, message.attachments.get().media_type) == (
        "Commission statement CS-2026-0001: $50",
        "application/pdf",
    )


def test_without_a_channel_it_says_so(house: House, draft: CommissionStatement) -> None:
    draft.issue(by=house.mona)
    with pytest.raises(Refused, match="no address to write from"):
        send_statement(draft, by=house.mona)
    draft.refresh_from_db()
    assert draft.sent_at is None


def test_the_pdf_says_what_each_job_earned(house: House, draft: CommissionStatement) -> None:
    draft.issue(by=house.mona)
    content, name = statement_file(draft)
    text = text_of(content)
    for words in ("CS-2026-0001", "Bay Roofs", "November 2026", "5%", "$1,000", "$50"):
        assert words in text, words
    assert name == "Commission statement CS-2026-0001.pdf"


def test_the_first_of_the_month_drafts_and_tells_managers(house: House, draft: CommissionStatement) -> None:
    draft.discard(by=house.mona)
    with clock.at(NEXT_MONTH):
        draw_up_last_month([house.tenant.pk])
    assert CommissionStatement.objects.get().total == 5_000
    assert Notice.objects.filter(kind="commission_statement.drafted", member=house.mona).exists()
    assert Due.objects.get(kind=MONTHLY).due_at.date().isoformat() == "2027-01-01"


@pytest.mark.servers
def test_two_runs_at_once_state_a_commission_once(transactional_db: None) -> None:
    cast: Cast = load_cast()
    with use_tenant(cast.house.tenant):
        job = Job.objects.get(pk=cast.house.job.pk)
        partner = Partner.add("Bay Roofs", "office@bayroofs.example", by=None)
        agreement = CommissionAgreement.agree(
            partner, job.brand, "USD", "fixed", by=None, from_day=clock.now().date(), amount=500
        )
        with transaction.atomic():
            Commission.enter(agreement, job, 500, paid_net=1_000, position=0)
    month = clock.now().date().replace(day=1)
    later = clock.now() + timedelta(days=40)

    def run() -> int:
        with clock.at(later), use_tenant(cast.house.tenant):
            return len(draw_up_statements(month, by=None))

    assert sorted(together(run, run, run)) == [0, 0, 1]
    with use_tenant(cast.house.tenant):
        assert CommissionLine.objects.count() == 1
