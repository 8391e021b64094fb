"""The leads' rows of the matrix: who sees which, and what may be done with them."""

from django.utils.translation import gettext_lazy as _

from crm.platform.access.permissions import EVERYBODY, register
from crm.platform.models import Role

MANAGERS, NO_REPS = {Role.MANAGER, Role.ADMIN}, {Role.MANAGER, Role.ADMIN, Role.SERVICE}


def register_permissions() -> None:
    """Once, when Django starts."""
    _of_leads()
    _of_one_lead()
    _of_data()


def _of_leads() -> None:
    note = _("Their own and the unclaimed ones, with customer, notes and timeline.")
    register("leads.view", EVERYBODY, "leads", _("See leads"), note)
    note = _("Those of colleagues too: in lists, in search and in the numbers.")
    register("leads.see_all", NO_REPS, "leads", _("See everybody’s leads"), note)
    note = _("By hand. They become their own, or stay unclaimed.")
    register("leads.open", EVERYBODY, "leads", _("Enter new leads"), note)
    note = _("Give a new lead to somebody else while entering it.")
    register("leads.open_for_others", NO_REPS, "leads", _("Enter leads for colleagues"), note)
    # One lead at a time is enough for service.
    note = _("Select leads in the list and change them together; only what they may do to one.")
    register("leads.bulk", {Role.REP, *MANAGERS}, "leads", _("Change many leads at once"), note)


def _of_one_lead() -> None:
    note = _("Move them, put them on hold, mark them lost or done, reopen them; set priority and whose move it is.")
    register("leads.move", EVERYBODY, "leads", _("Move leads along the line"), note)
    note = _("For the team alone; a customer never sees them. The important ones are pinned to the top.")
    register("leads.note", EVERYBODY, "leads", _("Write notes"), note)
    note = _("Take a lead that nobody has, and give back their own.")
    register("leads.claim", EVERYBODY, "leads", _("Claim leads"), note)
    note = _("Give any lead to any colleague, or take it from one.")
    register("leads.assign", MANAGERS, "leads", _("Hand over leads"), note)


def _of_data() -> None:
    note = _("Name, phone, email, address, value and source.")
    register("leads.correct", EVERYBODY, "data", _("Correct a lead and its customer"), note)
    note = _("A list of what is missing or wrong, to put right one by one.")
    register("leads.quality", NO_REPS, "data", _("See the quality of the data"), note)
    # Not for reps: elsewhere merging was used to claim another's customer.
    note = _("Make one of two entries of the same customer, and take them apart again.")
    register("people.merge", MANAGERS, "data", _("Merge customers"), note)
    note = _("Read leads in from a file, and take an import back.")
    register("leads.import", MANAGERS, "files", _("Import leads"), note)
