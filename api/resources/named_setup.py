"""Find configuration by its name, as bodies of requests name it: pipelines, steps, sources, brands, members."""

from collections.abc import Iterable
from typing import Any, TypeVar
from uuid import UUID

from django.utils.translation import gettext as _

from api.requests.problems import conflict_at
from crm.jobs.models import Pipeline, Source, Stage
from crm.jobs.pipelines.setup import pipeline_setup
from crm.platform.models import Brand, Member
from crm.platform.organization.configuration import directory

R = TypeVar("R")


def find_named(rows: Iterable[R], name: str, pointer: str) -> R:
    """Return the live row of a name, in any spelling of case. Raises Problem (409) if there is none."""
    for row in rows:
        one: Any = row
        if one.name.casefold() == name.casefold() and not getattr(one, "archived_at", None):
            return row
    raise conflict_at(pointer, _("There is no “%(name)s”.") % {"name": name})


def find_pipeline(name: str | None) -> Pipeline:
    """Return a pipeline by name; the default one for None."""
    if name is None:
        return pipeline_setup().default_pipeline
    return find_named(pipeline_setup().pipelines.values(), name, "/pipeline")


def find_stage(pipeline: Pipeline, name: str) -> Stage:
    """Return a step of a pipeline by name."""
    return find_named(pipeline_setup().steps(pipeline.pk), name, "/stage")


def find_source(name: str | None) -> Source | None:
    """Return a source by name; None for None."""
    if name is None:
        return None
    return find_named(pipeline_setup().sources.values(), name, "/source")


def find_brand(name: str | None) -> Brand:
    """Return a brand by name; the default one for None."""
    if name is None:
        return directory().default_brand
    return find_named(directory().brands.values(), name, "/brand")


def find_member(uid: UUID, pointer: str = "/member") -> Member:
    """Return an active member by id."""
    for member in directory().members.values():
        if member.uid == uid and member.active:
            return member
    raise conflict_at(pointer, _("There is no such member."))
