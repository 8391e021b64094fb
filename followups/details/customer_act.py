"""Read from a form which act of the customer completes a follow-up."""

from collections.abc import Mapping

from followups.models import CustomerAct


def read_act(posted: Mapping[str, str]) -> str:
    """Return the act that a form chose; "" for none."""
    act = posted.get("completes_on", "")
    if act in CustomerAct.values:
        return act
    return ""
