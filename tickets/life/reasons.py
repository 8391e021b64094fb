"""Why a rule set a priority, in words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

VIP, UPSET = "vip", "upset"
REASONS: dict[str, Promise] = {VIP: _("a partner writes"), UPSET: _("the customer sounds upset")}


def reason_words(code: str) -> str:
    """Return a reason in words; blank for one a person gave by hand."""
    return str(REASONS.get(code, ""))
