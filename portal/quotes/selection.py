"""OfferSelection: the option a customer has chosen and the optional lines they have taken off."""

from collections.abc import Collection
from dataclasses import dataclass

from django.http import QueryDict

from crm.people.models import Person
from quotes.models import QuoteAcceptance, QuoteChoice, VersionContent


@dataclass(frozen=True)
class OfferSelection:
    """An option of a version, None where it has one price, and the ids of the lines taken off."""

    option_id: int | None
    unticked: frozenset[int] = frozenset()


def kept_selection(content: VersionContent, person: Person) -> OfferSelection:
    """Return what a person chose last of a version; before that what we propose, with everything."""
    choice = QuoteChoice.objects.filter(version=content.version, person=person).first()
    if choice:
        return OfferSelection(choice.option_id, frozenset(choice.unticked))
    return OfferSelection(content.proposed_id)


def accepted_selection(acceptance: QuoteAcceptance) -> OfferSelection:
    """Return what was accepted."""
    return OfferSelection(acceptance.option_id, frozenset(acceptance.unticked))


def read_selection(posted: QueryDict, content: VersionContent) -> OfferSelection:
    """Return the selection of a posted form: a line that was shown with a box and isn't ticked is taken off.

    An option the version doesn't have is read as the one we propose: the page shows which one that is.
    """
    options = {str(option.uid): option.pk for option in content.options}
    option_id = options.get(posted.get("option", ""), content.proposed_id)
    offered_ids = _line_ids(content, posted.getlist("shown"))
    return OfferSelection(option_id, frozenset(offered_ids - _line_ids(content, posted.getlist("line"))))


def _line_ids(content: VersionContent, uids: Collection[str]) -> set[int]:
    return {line.pk for line in content.lines if str(line.uid) in uids}
