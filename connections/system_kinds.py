"""SystemKind: a kind of system that can be connected, an entry of features.py; and the errors of its adapter."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar

from django.utils.functional import Promise

from connections.models import Connection, FieldRuleDraft, SyncDirection, SyncItem
from crm.integrations.providers.oauth import OAuthProvider
from crm.integrations.systems import SYSTEM_GROUPS
from crm.platform import features
from crm.platform.features import Feature
from crm.web.design.icons import missing_icon

Words = str | Promise


class RemoteError(Exception):
    """The other system refuses all, or does not answer. `problem`: a ConnectionProblem; `wait`: as it asks."""

    def __init__(self, problem: str, *, is_passing: bool, wait: timedelta = timedelta()) -> None:
        super().__init__(problem)
        self.problem = problem
        self.is_passing = is_passing
        self.wait = wait


class ItemRefused(Exception):
    """One record can't be sent or taken over, for this reason; the others go on."""


@dataclass(frozen=True)
class CredentialField:
    """A field of the form that connects a system. `is_secret`: it is encrypted and not shown again."""

    name: str
    label: Words
    hint: Words = ""
    is_secret: bool = True
    is_required: bool = True
    longest: int = 300


@dataclass(frozen=True, kw_only=True)
class SystemPreset:
    """A use of a system as *Connect a system* names it, and the mapping with which its connection begins."""

    name: str
    label: Words
    note: Words
    icon: str
    rules: tuple[FieldRuleDraft, ...]


@dataclass(frozen=True, kw_only=True)
class SystemKind(Feature):
    """A kind of system. `synchronize` does one round; it raises RemoteError if the system can't be used.

    `provider`: where a member signs in (OAuth 2), None without credentials of the installation; `fields`: what is
    entered instead. `rules`: the mapping it begins with.
    """

    unique: ClassVar[tuple[str, ...]] = ("name",)
    order_list = "system_kinds"

    name: str
    label: Words
    note: Words
    group: str
    icon: str
    direction: str = SyncDirection.BOTH
    # Takes a SyncRound (sync/sync_round.py).
    synchronize: Callable[[Any], None]
    provider: Callable[[], OAuthProvider | None] | None = None
    fields: tuple[CredentialField, ...] = ()
    rules: tuple[FieldRuleDraft, ...] = ()
    # Uses that are offered beside the kind itself.
    presets: tuple[SystemPreset, ...] = ()
    # Raises Refused for entered values (those that are not secret) with which it could do nothing.
    check_options: Callable[[dict[str, Any]], None] = lambda options: None
    # Nouns of items and fields in words: "invoice" → "Invoice".
    nouns: Callable[[], dict[str, str]]
    # A connection is of one brand, whose accounting terms it uses.
    is_of_brand: bool = False
    # Which settings of it, if any: the name of a URL that takes the slug.
    settings_page: str = ""
    # The template of its mapping on its page.
    mapping_template: str = "connections/_rules.html"
    mapping_context: Callable[[Connection], dict[str, Any]] = lambda connection: {}
    # Synchronization by file: what could not be sent (name, bytes), and their export taken over (how many are new).
    write_backup: Callable[[Connection], tuple[str, bytes]] | None = None
    read_backup: Callable[..., int] | None = None
    # What their export would do: (connection, file, size) to the context of connections/preview.html.
    preview_backup: Callable[..., Any] | None = None
    # Nouns of dead letters that are more exact than those of their items, by the ids of these.
    item_nouns: Callable[[Sequence[SyncItem]], Mapping[int, str]] = lambda items: {}
    # The pages of the records that dead letters are about, by the ids of these: (items, slug).
    item_links: Callable[[Sequence[SyncItem], str], Mapping[int, str]] = lambda items, slug: {}
    # Called when it was connected, in the transaction: queues what is sent first.
    begin: Callable[[Connection], object] = lambda connection: None

    def check(self) -> Iterator[str]:
        if self.group not in SYSTEM_GROUPS:
            yield f"the page of connections has no group {self.group!r}"
        for icon in (self.icon, *(preset.icon for preset in self.presets)):
            yield from missing_icon(icon)

    def find_preset(self, name: str) -> SystemPreset | None:
        """Return a preset by its name."""
        return next((preset for preset in self.presets if preset.name == name), None)


@features.cached_index
def system_kinds() -> dict[str, SystemKind]:
    """Return all kinds by name, in order."""
    return {kind.name: kind for kind in features.of(SystemKind)}
