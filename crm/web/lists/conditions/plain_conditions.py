"""Conditions of a list as plain data: {"field": "stage", "test": "is", "value": "Quote sent"}, with names not ids.

Several of which one must hold are {"any": […]}. The value of a choice that is only an id is written as its label.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.http import QueryDict
from django.utils import translation
from django.utils.translation import gettext as _

from crm.kernel.refusal import Refused
from crm.platform.models import Member, Role
from crm.platform.tenancy.context import required_tenant_id
from crm.web.lists.conditions.clause import Clause
from crm.web.lists.conditions.filters import Filter, FilterSet
from crm.web.lists.conditions.query import AddressReader, merged
from crm.web.lists.conditions.viewer import Viewer

# Values that mean nothing outside their organization: ids, public ids, and codes of own rows.
_OPAQUE = re.compile(r"\d+|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|own-[0-9a-f]+|f\d+|[0-9a-f]{12}")
# Labels that are words of the product are written in this language, in every export.
LANGUAGE = "en"


@dataclass(frozen=True)
class ConditionsCodec:
    """The codec of a column with the conditions of a list, as its address has them."""

    filterset: type[FilterSet]

    def encode(self, value: Any) -> Any:
        return encode_conditions(self.filterset, value, _organization())

    def decode(self, plain: Any) -> str:
        return decode_conditions(self.filterset, plain or [], _organization())


def _organization() -> Member:
    """Return an unsaved member who may see everything, as the organization's conditions are read."""
    return Member(tenant_id=required_tenant_id(), role=Role.ADMIN)


def written_choices(read: Callable[[], Iterable[tuple[Any, Any]]]) -> list[tuple[str, str]]:
    """Return the values and labels that `read` gives, in the language of the file."""
    with translation.override(LANGUAGE):
        return [(str(value), str(label)) for value, label in read()]


def encode_choice(value: str, choices: Iterable[tuple[str, str]]) -> str:
    """Return the label of a choice instead of a value that is only an id; other values as they are."""
    if not _OPAQUE.fullmatch(value):
        return value
    return next((label for one, label in choices if one == value), value)


def decode_choice(text: str, choices: Iterable[tuple[str, str]]) -> str:
    """Return the value of a choice for its label or value. Raises Refused for none, or a label of several."""
    pairs = list(choices)
    matches = {value for value, label in pairs if label.casefold() == text.casefold() and _OPAQUE.fullmatch(value)}
    if len(matches) > 1:
        raise Refused(_("“%(name)s” is the name of several choices.") % {"name": text[:60]})
    if matches:
        return matches.pop()
    if text in {value for value, _label in pairs if not _OPAQUE.fullmatch(value)}:
        return text
    raise Refused(_("“%(code)s” is not one of the choices.") % {"code": text[:60]})


def encode_conditions(filterset: type[FilterSet], where: str, member: Member) -> list[dict[str, Any]]:
    """Return the conditions of a query string as plain data. `member`: the member who gets the choices."""
    reader = AddressReader(filterset, QueryDict(where.removeprefix("?")), member)
    filters = reader.filters()
    conditions = [_encode_clause(clause, member) for clause in filters.plain()]
    alone = [one for name, one in filterset.known().items() if one.alone and name in filters.values]
    conditions += [_plain(one, one.plain_test, filters.values[one.name], member) for one in alone]
    for group in filters.where:
        clauses = [_encode_clause(clause, member) for clause in group]
        if len(clauses) == 1:
            conditions += clauses
        else:
            conditions.append({"any": clauses})
    # Without it the others would match more than they did, so that an import refuses it.
    return conditions + [{"broken": text} for text in reader.dropped]


def decode_conditions(filterset: type[FilterSet], plain: Any, member: Member) -> str:
    """Return the query string of conditions. Raises Refused for one that can't be read."""
    if not isinstance(plain, list):
        raise Refused(_("Write a list of conditions here."))
    viewer = Viewer(member)
    groups = []
    for condition in plain:
        if isinstance(condition, Mapping) and isinstance(condition.get("any"), list):
            groups.append(tuple(_decode_clause(filterset, one, viewer) for one in condition["any"]))
        else:
            groups.append((_decode_clause(filterset, condition, viewer),))
    return merged(filterset, [group for group in groups if group]).query().removeprefix("?")


def _encode_clause(clause: Clause, member: Member) -> dict[str, Any]:
    return _plain(clause.filter, clause.test, clause.value, member)


def _plain(condition: Filter, test: str, value: str, member: Member) -> dict[str, Any]:
    choices = written_choices(partial(condition.choices, member))
    return {"field": condition.name, "test": test, "value": encode_choice(value, choices)}


def _decode_clause(filterset: type[FilterSet], plain: Any, viewer: Viewer) -> Clause:
    if not isinstance(plain, Mapping) or not {"field", "test", "value"} >= set(plain):
        raise Refused(_("A condition has a field, a test and a value."))
    name = str(plain.get("field", ""))
    condition = filterset.known().get(name)
    if condition is None:
        raise Refused(_("There is no field “%(name)s” here.") % {"name": name[:60]})
    test = str(plain.get("test", ""))
    if test not in condition.tests:
        words = {"text": test[:40], "choices": ", ".join(condition.tests)}
        raise Refused(_("“%(text)s” is not one of: %(choices)s.") % words)
    value = str(plain.get("value", ""))
    choices = written_choices(partial(condition.choices, viewer.member))
    if choices:
        value = decode_choice(value, choices)
    return Clause.of(condition, test, value, viewer)
