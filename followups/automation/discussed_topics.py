"""Topics of an appointment (payment, documents), found in the note that closed it.

Noted only where a trigger asks for it. The words stay in the note; the event has which topics they are of.
"""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.automation.jobs.triggers import JOB
from crm.automation.registry.options import Options
from crm.automation.registry.triggers import Chosen, EventTrigger
from crm.automation.setup import working_rules
from crm.jobs.models import Job, Note
from crm.jobs.models.appointments.appointment import CAUSE
from crm.platform.events import events
from crm.platform.models import Event
from libs.inbound_mail import split_reply
from tickets.language.lexicon import Lexicon

DISCUSSED = "job.discussed"
CONTACTED = "job.contacted"
PAYMENT = "payment"
DOCUMENTS = "documents"
TOPICS = {PAYMENT: _("payment"), DOCUMENTS: _("documents")}
# Folded, without accents; English, Dutch, German, French and Spanish.
_LEXICONS = {
    PAYMENT: Lexicon(
        """
        pay pays paid paying payment payments payable invoice invoices deposit deposits installment installments
        instalment instalments financing
        betalen betaalt betaald betaling betalingen factuur facturen aanbetaling aanbetalingen betaaltermijn
        betaaltermijnen voorschot termijnbetaling
        bezahlen bezahlt zahlen zahlung zahlungen rechnung rechnungen anzahlung ratenzahlung
        payer paiement paiements paye facture factures acompte echeance
        pagar pago pagos pagado factura facturas anticipo
        """.split(),
        ("in termijnen", "down payment"),
    ),
    DOCUMENTS: Lexicon(
        """
        document documents paperwork passport permit permits contract contracts certificate certificates
        documenten papieren paspoort vergunning vergunningen contracten formulier formulieren bewijsstukken
        dokument dokumente unterlagen papiere vertrag vertrage genehmigung genehmigungen reisepass formular formulare
        papiers contrat contrats permis passeport formulaire formulaires
        documento documentos papeles contrato contratos permiso permisos pasaporte formulario formularios
        """.split()
    ),
}


def topics_of(text: str) -> list[str]:
    """Return the topics in a note's own words; quoted text is ignored."""
    visible_text = split_reply(text).visible
    return [topic for topic, lexicon in _LEXICONS.items() if lexicon.first(visible_text)]


def wanted_events() -> frozenset[str]:
    """Return the kinds of events to process; empty if no trigger uses topics."""
    return frozenset({CONTACTED} if working_rules().started_by.get(DISCUSSED) else ())


def note_topics(contacts: Sequence[Event]) -> None:
    """Record the topics of appointments' notes. Idempotent."""
    written = {event.data["note"]: event for event in contacts if _is_of_appointment(event)}
    seen = Event.objects.filter(kind=DISCUSSED, job_id__in={event.job_id for event in written.values()})
    noted = set(seen.values_list("data__note", flat=True))
    for note in Note.objects.filter(pk__in=written.keys() - noted).order_by("pk"):
        if topics := topics_of(note.body):
            job = Job.objects.get(pk=note.job_id)
            data = {"topics": topics, "note": note.pk}
            with events.caused_by(written[note.pk].pk):
                events.record(DISCUSSED, subject=job, by=None, data=data, job_id=job.pk)


def _is_of_appointment(event: Event) -> bool:
    return bool(event.data.get("note")) and event.data.get("cause") == CAUSE


class TopicOptions(Options):
    """Options of a trigger by topic."""

    topic = forms.ChoiceField(label="", choices=list(TOPICS.items()))


def _is_of(event: Event, chosen: Chosen) -> bool:
    return chosen["topic"] in event.data.get("topics", ())


def said_words(data: dict[str, Any]) -> str:
    """Return the topics of an event in words: "payment, documents"."""
    return ", ".join(str(TOPICS[topic]) for topic in data.get("topics", ()) if topic in TOPICS)


TRIGGER = EventTrigger(
    name=DISCUSSED,
    record=JOB,
    label=_("has a completed appointment about"),
    options=TopicOptions,
    events=(DISCUSSED,),
    heeds=_is_of,
)
