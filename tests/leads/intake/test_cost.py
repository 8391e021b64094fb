"""What whoever sent us a lead charged for it is kept as its cost."""

from crm.jobs.models import Note
from leads.models import IntakeDoor, Submission
from tests.cast import House
from tests.leads.intake.test_intake import LEAD, house, opened, read_all, send

__all__ = ["house"]


def test_what_a_portal_charged_is_the_cost_of_the_lead(house: House) -> None:
    """Once, in the lead's currency; anything else stands in the note, where somebody reads it."""
    door = opened(house, IntakeDoor.DoorKind.JSON)
    asked = [("$48.50", 4850, ""), ("€ 20", None, "€ 20"), ("a lot", None, "a lot (")]
    for nth, (said, _cost, _noted) in enumerate(asked):
        send(door, LEAD | {"phone": f"(813) 555-01{nth}1", "email": "", "lead_price": said})
    read_all()
    came = Submission.objects.filter(door=door).select_related("lead").order_by("pk")
    for submission, (_said, cost, noted) in zip(came, asked, strict=True):
        assert submission.lead.cost == cost
        body = "".join(Note.objects.filter(job=submission.lead.job_id).values_list("body", flat=True))
        assert (f"What we paid for the lead: {noted}" in body) is bool(noted), body
