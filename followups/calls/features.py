"""The keys of the call list."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.platform.features import Feature
from crm.web.shell.shortcuts import Shortcut
from followups.calls.outcomes import OUTCOMES

IN_THE_CALL_LIST = _("In the call list")


def _key(keys: str, act: str, label: str | Promise) -> Shortcut:
    return Shortcut(keys=keys, act=act, label=label, group=IN_THE_CALL_LIST, within="call-card")


FEATURES: list[Feature] = [
    *(_key(str(at), f"call-{at}", outcome.label) for at, outcome in enumerate(OUTCOMES.values(), 1)),
    _key("n", "call-note", _("Note")),
    _key("s", "call-skip", _("Skip for now")),
    _key("z", "call-undo", _("Undo")),
    _key("c", "call-dial", _("Call")),
]
