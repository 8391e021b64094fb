"""A row that stands by itself, as in a notice, is called as people call it: never by an id."""

from crm.jobs.models import Job
from crm.platform import features
from crm.web.shell.record_pages import RecordPage


def test_rows_about_a_lead_say_how_they_are_called() -> None:
    about = {
        page.model: page
        for page in features.of(RecordPage)
        if any(field.related_model is Job for field in page.model._meta.get_fields() if field.concrete)
    }
    named = {"title", "name"}
    nameless = [
        model.__name__
        for model, page in about.items()
        if page.titles is None
        and page.titles_for is None
        and not named & {field.name for field in model._meta.get_fields()}
    ]
    assert len(about) > 4
    assert nameless == []
