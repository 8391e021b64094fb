"""What is placed together: nothing that rests on another of it."""

from comms.models import Message
from tickets.matching.placement import Placing, split_rounds


def placing(pk: int, person: int | None = None, answers: int | None = None, message_id: str = "") -> Placing:
    message = Message(pk=pk, person_id=person, address=f"{person}@x.example", message_id=message_id or f"<{pk}>")
    return Placing(message, Message(pk=answers) if answers else None)


def test_what_rests_on_another_comes_after_it_and_all_else_together() -> None:
    waiting = [
        placing(1, person=1),
        placing(2, person=2),
        placing(3, person=1),  # of one sender, in their order
        placing(4, person=4, answers=3),  # answers one of these
        placing(5, person=5, answers=90),
        placing(6, person=6, answers=90),  # answers what another answers, which is on no ticket yet
        placing(7, person=7, message_id="<2>"),  # the same mail, perhaps
        placing(8, answers=None),
    ]
    found = [[each.message.pk for each in together] for together in split_rounds(waiting)]
    assert found == [[1, 2, 5, 8], [3, 6, 7], [4]]
