"""Where a link leads: to its document, what is asked, its job, or the first page."""

from django.urls import NoReverseMatch, reverse

from crm.jobs.models import Job
from portal.access.links import Link

# By what a link is of, the page of the portal: its name and what its address takes besides the company.
PAGES = {
    "document": ("portal:document", "uid"),
    "request": ("portal:request", "uid"),
    "job": ("portal:job", "number"),
}


def target_of(link: Link, company: str) -> str:
    """Return the path of what a link opens."""
    if link.document:
        return _page("document", company, link.document)
    if link.request:
        return _page("request", company, link.request)
    number = Job.objects.filter(pk=link.job_id).values_list("number", flat=True).first() if link.job_id else None
    return _page("job", company, number) if number else reverse("portal:home", kwargs={"company": company})


def _page(of: str, company: str, key: object) -> str:
    name, argument = PAGES[of]
    try:
        return reverse(name, kwargs={"company": company, argument: key})
    except NoReverseMatch:
        return reverse("portal:home", kwargs={"company": company})
