"""Mail about a sold job goes to service by a rule, also to sales, and with why in words; before, it is with the rep."""

from crm.jobs.assignment.explanation import explain_placement
from crm.jobs.assignment.presets import switch_on
from crm.jobs.assignment.work import work_of
from crm.jobs.models import Phase
from crm.jobs.models.assignment import AssignmentRule, Placement
from crm.platform.models import Team
from tests.tickets.matching.conftest import Office

SALES = "sales@suncoast.example"


def test_a_sold_jobs_mail_to_sales_goes_to_service_and_an_open_ticket_is_handed_over(office: Office) -> None:
    house = office.house
    office.open(SALES, role="sales")
    AssignmentRule.add("tickets", "All", by=None)
    service = Team.create("Service", by=None)
    service.add(house.sam, by=None)
    switch_on(work_of("tickets"), "sold", service, "", by=house.ada)
    before = office.mail(to_box=SALES, to=SALES, Message_ID="<one@home.example>")
    assert before
    before.ticket.refresh_from_db()
    assert (before.ticket.job, before.ticket.member) == (house.job, house.rita)
    phase = Phase.objects.get(pk=house.job.stage.phase_id)
    phase.set_sold(True, by=house.ada)
    after = office.mail(to_box=SALES, to=SALES, In_Reply_To="<one@home.example>", Subject="Re: My roof")
    assert after
    assert after.ticket_id == before.ticket_id
    after.ticket.refresh_from_db()
    assert after.ticket.member == house.sam
    told = explain_placement(Placement.objects.latest("pk"), holder_id=house.sam.pk)

    assert (told.rule, told.is_past) == ("Sold work", False)
    # What Sam has stays with him, and at support nobody hands over anything.
    again = office.mail(to_box=SALES, to=SALES, In_Reply_To="<one@home.example>", Subject="Re: My roof")
    assert again
    again.ticket.refresh_from_db()
    assert again.ticket.member == house.sam
