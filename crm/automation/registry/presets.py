"""RulePreset: a ready-made rule. RuleImport: a page that imports rules from a file."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from crm.automation.definition import Definition
from crm.kernel.refusal import Refused
from crm.platform import features
from crm.platform.features import Feature
from crm.web.requests.tenant_urls import missing_address


@dataclass(frozen=True, kw_only=True)
class RulePreset(Feature):
    """A ready-made rule: created with one click in shadow mode, and editable like any other."""

    unique: ClassVar[tuple[str, ...]] = ("key",)

    # Kept on the rule made of it, which there is one of at most.
    key: str
    # The heading it stands under: "No answer".
    group: str | Promise
    name: str | Promise
    # What it is for, in a sentence or two.
    description: str | Promise
    # Its definition in the tenant in use. Raises Refused with what is missing there, such as a step or a template.
    # One that asks takes the answer; without it, it takes the likeliest one.
    definition: Callable[..., Definition]
    # What it asks before it is made, such as which date field, and the answers with their words, the likeliest first.
    question: str | Promise = ""
    answers: Callable[[], Sequence[tuple[str, str]]] = tuple

    def define(self, answer: str = "") -> Definition:
        """Return its definition by the answer to its question. Raises Refused for an answer that is none."""
        if not self.question:
            return self.definition()
        if answer and answer not in dict(self.answers()):
            raise Refused(_("This choice no longer exists. Choose again."))
        return self.definition(answer)

    def check(self) -> Iterator[str]:
        if not self.key or len(self.key) > 60:
            yield "its key is blank, or longer than a rule keeps"


@dataclass(frozen=True)
class RuleImport(Feature):
    """A page that imports rules from a file and exports them; linked from the page of new triggers."""

    unique: ClassVar[tuple[str, ...]] = ("page",)

    # The name of the page's URL.
    page: str
    label: str | Promise

    def check(self) -> Iterator[str]:
        yield from missing_address(self.page, "a-tenant")


def rule_imports() -> list[RuleImport]:
    """Return the registered pages, in order."""
    return list(features.of(RuleImport))


@features.cached_index
def _by_key() -> dict[str, RulePreset]:
    return {entry.key: entry for entry in features.of(RulePreset)}


def rule_preset(key: str) -> RulePreset | None:
    """Return a preset by name; None if no app adds it any more."""
    return _by_key().get(key)
