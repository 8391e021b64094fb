"""The columns of a file of follow-ups, and how their headings are recognised in any language of the product."""

from collections.abc import Mapping, Sequence

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from crm.jobs.importing.headings import key_of, value_keys


class ImportColumn(TextChoices):
    """The values a column of the file can hold. The labels are the headings of our own export."""

    ID = "id", _("ID")
    KIND = "kind", _("Type")
    SUBJECT = "subject", _("Subject")
    NOTES = "notes", _("Notes")
    DUE = "due", _("Due")
    LIMIT = "limit", _("Promised for")
    PRIORITY = "priority", _("Priority")
    MEMBER = "member", _("Who")
    STATUS = "status", _("Status")
    OUTCOME = "outcome", _("Outcome")
    LEAD = "lead", _("Lead number")
    EMAIL = "email", _("Customer email")
    PHONE = "phone", _("Customer phone")


# Other headings, as `key_of` spells them: those of other programs, in English and Dutch.
_SYNONYMS: Mapping[str, str] = {
    ImportColumn.ID: "uid externalid taskid activityid recordid reference key kenmerk referentie sleutel taaknummer",
    ImportColumn.KIND: "kind tasktype activitytype soort categorie taaktype",
    ImportColumn.SUBJECT: "title task name summary activity what titel taak naam omschrijving wat",
    ImportColumn.NOTES: "note description comment comments details body notitie notities opmerking toelichting",
    ImportColumn.DUE: "duedate duetime date when deadline datum vervaldatum wanneer gepland plannedfor duedatetime",
    ImportColumn.LIMIT: "promised promisedby latest uiterlijk beloofd toegezegd",
    ImportColumn.PRIORITY: "urgency prio prioriteit urgentie",
    ImportColumn.MEMBER: "assignee assignedto owner user member rep responsible eigenaar medewerker toegewezenaan",
    ImportColumn.STATUS: "state taskstatus toestand",
    ImportColumn.OUTCOME: "result resultaat",
    ImportColumn.LEAD: "lead leadno leadnumber job jobnumber dealnumber leadnummer klusnummer dossiernummer",
    ImportColumn.EMAIL: "email mail emailaddress contactemail klantemail emailadres",
    ImportColumn.PHONE: "phone mobile phonenumber contactphone telefoon telefoonnummer mobiel klanttelefoon",
}


def guess_columns(header: Sequence[str]) -> list[str]:
    """Return the column that each heading means, "" for none; of two that mean the same, the first.

    A heading of our own export comes before a synonym: it has both "Lead number" and "Lead".
    """
    exact = value_keys(dict(ImportColumn.choices))
    own = [str(exact.get(key_of(heading), "")) for heading in header]
    synonyms = {word: column for column, words in _SYNONYMS.items() for word in words.split()}
    guesses = [
        mine or _unless_in(own, synonyms.get(key_of(heading), "")) for mine, heading in zip(own, header, strict=True)
    ]
    return [guess if guess not in guesses[:at] else "" for at, guess in enumerate(guesses)]


def _unless_in(columns: Sequence[str], column: str) -> str:
    if column in columns:
        return ""
    return str(column)
