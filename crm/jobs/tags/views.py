"""Settings: the tags. Each action can be reverted: rename again, restore, undo a merge."""

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.jobs.models.tag import Tag, Tint
from crm.jobs.models.tag import tags as setup
from crm.jobs.tags.features import MANAGE
from crm.kernel.refusal import Refused
from crm.web.requests.form_version import version_of
from crm.web.requests.http import TenantRequest
from crm.web.settings.named_rows import NamedRows
from crm.web.settings.page import Context, settings_page


def version() -> str:
    """Hash what the page's forms show."""
    return version_of(
        [(tag.pk, tag.name, tag.tint, tag.archived_at, tag.merged_into_id) for tag in setup().all.values()]
    )


ROWS = NamedRows(
    address="jobs:%s_tag",
    none=gettext_lazy("No tags yet."),
    new=gettext_lazy("New tag"),
    add=gettext_lazy("Add tag"),
    row="jobs/tags/_tag.html",
    new_fields="jobs/tags/_new_tint.html",
    longest=40,
)


@settings_page("jobs:tags", MANAGE, ROWS, version=version)
def tags(request: TenantRequest) -> Context:
    """Show the live tags, those merged into each, and the archived ones."""
    tag_setup = setup()
    merged: dict[int, list[Tag]] = {}
    for tag in tag_setup.all.values():
        if tag.merged_into_id:
            merged.setdefault(tag_setup.root(tag.pk), []).append(tag)
    return {
        "live": [(tag, merged.get(tag.pk, [])) for tag in tag_setup.live],
        "archived": [tag for tag in tag_setup.all.values() if tag.archived_at],
        "tints": Tint.choices,
    }


def _tag(pk: int) -> Tag:
    return get_object_or_404(Tag.objects.all(), pk=pk)


@tags.action(_tag)
def merge_tag(request: TenantRequest, tag: Tag) -> str:
    """Merge a tag into another."""
    other = next((one for one in setup().live if str(one.pk) == request.POST.get("into")), None)
    if other is None:
        raise Refused(_("Choose two tags that are in use."))
    tag.merge(other, by=request.member)
    return _("“%(name)s” was merged into “%(other)s”.") % {"name": tag.name, "other": other.name}


@tags.action(_tag)
def take_tag_apart(request: TenantRequest, tag: Tag) -> str:
    """Undo a merge."""
    tag.take_apart(by=request.member)
    return _("“%(name)s” was unmerged.") % {"name": tag.name}


def _posted_values(request: TenantRequest, tag: Tag | None) -> Context:
    return {"name": request.POST.get("name", ""), "tint": request.POST.get("tint", "")}


# Archived: what has it keeps it.
add_tag, edit_tag, archive_tag, restore_tag = tags.row_actions(Tag, _posted_values)
