"""Questions of service to the seller, and their answers; both are also notes on the job."""

from django.utils.translation import gettext as _

from crm.kernel.refusal import Refused
from crm.web.requests.http import TenantRequest
from service.hand_offs.views.hand_off_action import HandOffAction
from service.models import HandOff, HandOffQuestion


class QuestionAction(HandOffAction):
    """An action that doesn't change the hand-off, and so accepts any version of its page."""

    def check(self, request: TenantRequest, row: HandOff) -> None:
        """Accept any version: other changes don't matter to a question."""


action = QuestionAction()


@action()
def ask(request: TenantRequest, hand_off: HandOff) -> str:
    """Ask the seller."""
    HandOffQuestion.ask(hand_off, request.POST.get("text", ""), by=request.member)
    return _("Asked. The answer will show up here.")


@action(permission="handoffs.prepare")
def tell(request: TenantRequest, hand_off: HandOff) -> str:
    """Answer a question."""
    wanted = request.POST.get("question", "")
    question = next((one for one in hand_off.questions.all() if str(one.uid) == wanted), None)
    if question is None:
        raise Refused(_("That question is no longer open."))
    question.hand_off = hand_off
    question.answer(request.POST.get("text", ""), by=request.member)
    return _("Answered. The colleague who asked is notified.")
