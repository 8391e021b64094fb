"""The form of a kind of documents."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from crm.documents.models import DocumentKind
from crm.documents.models.document_kind import LONGEST_WARNING
from crm.web.settings.fields import select, text


def _tick(label: Any) -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False, widget=forms.CheckboxInput({"class": "check"}))


class KindForm(forms.Form):
    """A kind: its name, whether it is a photo, has personal data, and when its end is told of."""

    name = text(gettext_lazy("Name"), 60)
    about = select(gettext_lazy("About"), DocumentKind.About.choices, required=False)
    warn_days = forms.IntegerField(
        label=gettext_lazy("Plan a follow-up this many days before it expires"),
        min_value=0,
        max_value=LONGEST_WARNING,
        widget=forms.NumberInput({"class": "input", "min": 0, "max": LONGEST_WARNING}),
    )
    is_personal = _tick(gettext_lazy("Contains personal data: customers sign in with a code to open it"))
    is_photo = _tick(gettext_lazy("Photo: shown in the gallery"))

    def __init__(self, *args: Any, row: DocumentKind | None = None, **kwargs: Any) -> None:
        shown = row or DocumentKind()
        kwargs.setdefault("initial", {name: getattr(shown, name) for name in ("name", *DocumentKind.FIELDS)})
        kwargs.setdefault("auto_id", f"kind-{row.pk if row else 'new'}-%s")
        super().__init__(*args, **kwargs)

    @property
    def facts(self) -> dict[str, Any]:
        """The fields of the kind, without its name."""
        return {name: self.cleaned_data[name] for name in DocumentKind.FIELDS}
