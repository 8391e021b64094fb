"""Group the photos of a job's gallery: by a PhotoGroups feature of another app, such as milestones, else by day."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from crm.documents.models import Document
from crm.jobs.models import Job
from crm.platform import features
from crm.platform.features import Feature

# Of these photos of a job, those it knows: their heading and its place. `for_customer`: only what the customer reads.
Grouping = Callable[[Job, Sequence[Document], bool], "dict[int, Heading]"]


class Heading(NamedTuple):
    """A heading of the gallery and its sort position."""

    order: tuple[int, str]
    words: str


@dataclass(frozen=True)
class PhotoGroups(Feature):
    """A way to group photos: headings by the document's id, for those it knows."""

    grouping: Grouping

    def __str__(self) -> str:
        return f"PhotoGroups {self.grouping.__name__!r}"


@dataclass
class GalleryGroup:
    """Photos under one heading, earliest first."""

    heading: Heading
    photos: list[Document] = field(default_factory=list)


def group_photos(
    job: Job, photos: Sequence[Document], day: Callable[[Document], Heading], *, for_customer: bool
) -> list[GalleryGroup]:
    """Group photos by heading; days come newest first. `day` returns the heading if no PhotoGroups feature does."""
    headings: dict[int, Heading] = {}
    for source in features.of(PhotoGroups):
        headings |= source.grouping(job, photos, for_customer)
    groups: dict[Heading, GalleryGroup] = {}
    for photo in sorted(photos, key=lambda one: (one.taken_at, one.pk)):
        heading = headings.get(photo.pk) or day(photo)
        groups.setdefault(heading, GalleryGroup(heading)).photos.append(photo)
    return sorted(groups.values(), key=lambda group: group.heading.order)
