"""The registry of what each app adds: typed entries in its `features.py`, event and task handlers in its `handlers.py`.

`features.of(Page)` gives all entries of a type. They are read on first use, once Django's apps are ready, and checked
when a process starts and by `manage.py check`. docs/adding-an-app.md shows the whole on one page.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache, cached_property
from importlib import import_module
from typing import Any, ClassVar, TypeVar, cast

from django import apps
from django.conf import settings
from django.core import checks
from django.utils.module_loading import module_has_submodule

T = TypeVar("T")


class Feature:
    """Base class of an entry type: a frozen dataclass beside the code that reads it."""

    # Fields that name an entry: no two of the type have the same there, blanks aside.
    unique: ClassVar[tuple[str, ...]] = ()
    # The list of `FEATURE_ORDER` (crm/config/order.py) that orders the type, and the field that names an entry there.
    order_list: ClassVar[str] = ""
    order_field: ClassVar[str] = "name"

    def check(self) -> Iterable[str]:
        """Report what is wrong with it, each as the rest of "roofs adds Page 'roofs:list', but …"."""
        return ()

    def __str__(self) -> str:
        if self.unique:
            name = getattr(self, self.unique[0])
        else:
            name = next(iter(vars(self).values()), "")
        return f"{type(self).__name__} {name!r}"


F = TypeVar("F", bound=Feature)


class AppConfig(apps.AppConfig):
    """The base of every app's config: imports its `features.py` and `handlers.py`."""

    # The module with the list FEATURES.
    features_module = "features"

    @cached_property
    def features(self) -> list[Feature]:
        """Return the entries of the app, in its own order."""
        module = self._import_module(self.features_module)
        if module:
            return cast("list[Feature]", module.FEATURES)
        return []

    def load_handlers(self) -> None:
        """Import the app's `handlers.py`, whose decorators register event subscribers and due work."""
        self._import_module("handlers")

    def _import_module(self, name: str) -> Any:
        there = name and module_has_submodule(self.module, name)
        if there:
            return import_module(f"{self.name}.{name}")
        return None


# Entries of `extra_features`, and what was made of the entries: forgotten whenever they change.
_added: list[Feature] = []
_index_caches: list[Any] = []


def cached_index(read: Callable[..., T]) -> Callable[..., T]:
    """Cache what a function computes of the entries, such as an index by name."""
    kept = cache(read)
    _index_caches.append(kept)
    return cast("Callable[..., T]", kept)


def of(kind: type[F]) -> tuple[F, ...]:
    """Return all entries of a type: by its list of `FEATURE_ORDER`, the rest as apps and their lists have them."""
    return cast("tuple[F, ...]", _sorted_entries(kind))


@cached_index
def _sorted_entries(kind: type[Feature]) -> tuple[Feature, ...]:
    entries = (entry for _app, entry in _all_entries() if isinstance(entry, kind))
    places = {name: place for place, name in enumerate(_ordered_names(kind.order_list))}
    return tuple(sorted(entries, key=lambda entry: places.get(getattr(entry, kind.order_field, ""), len(places))))


def _ordered_names(order: str) -> list[str]:
    return [name.strip() for name in settings.FEATURE_ORDER.get(order, "").split(",")]


@cached_index
def _all_entries() -> list[tuple[str, Feature]]:
    """List (app, entry) of all apps, lower apps first."""
    apps.apps.check_models_ready()
    own = [(app.label, entry) for app in _app_configs() for entry in app.features]
    return own + [("somebody", entry) for entry in _added]


def _app_configs() -> Iterator[AppConfig]:
    return (app for app in apps.apps.get_app_configs() if isinstance(app, AppConfig))


def load_handlers() -> None:
    """Import the handlers of all apps when Django starts: an event is queued only for known subscribers."""
    for app in _app_configs():
        app.load_handlers()


def find_problems() -> list[str]:
    """Return what is wrong with the entries of all apps, a sentence each."""
    strange = [(app, entry) for app, entry in _all_entries() if not isinstance(entry, Feature)]
    found = [f"{app} adds {entry!r}, which is no Feature." for app, entry in strange]
    listed = [(app, entry) for app, entry in _all_entries() if isinstance(entry, Feature)]
    taken = Counter(key for _app, entry in listed for key in _unique_keys(entry))
    for app, entry in listed:
        twice = [f"another has the {key[1]} {key[2]!r} as well" for key in _unique_keys(entry) if taken[key] > 1]
        found += [f"{app} adds {entry}, but {problem}." for problem in [*twice, *entry.check()]]
    there = {(entry.order_list, getattr(entry, entry.order_field, "")) for _app, entry in listed}
    return found + [
        f"crm/config/order.py lists {name!r} in {order!r}, but no app adds it."
        for order in settings.FEATURE_ORDER
        for name in _ordered_names(order)
        if (order, name) not in there
    ]


def _unique_keys(entry: Feature) -> list[tuple[type, str, Any]]:
    return [(type(entry), name, value) for name in entry.unique if (value := getattr(entry, name)) not in ("", None)]


def system_check(**_: Any) -> list[checks.CheckMessage]:
    """Report `find_problems` to `manage.py check`."""
    return [checks.Error(problem, id="features.E001") for problem in find_problems()]


@contextmanager
def extra_features(*entries: Feature) -> Iterator[None]:
    """Add these entries for a block: for tests."""
    _added.extend(entries)
    _clear_caches()
    try:
        yield
    finally:
        del _added[len(_added) - len(entries) :]
        _clear_caches()


def _clear_caches() -> None:
    for kept in _index_caches:
        kept.cache_clear()
