"""Register the customer's page of a quote, so that quotes can be sent, and its preview."""

from crm.people.models import ContactPoint, Person
from crm.platform.features import Feature
from crm.platform.organization.configuration import directory
from crm.web.shell.record_pages import RecordLink
from portal.access import links, preview
from portal.models import PortalAccess
from portal.quotes.quote_access import about_quote
from quotes.models import Quote
from quotes.sending.customer_page import CustomerQuotePage


def quote_address(quote: Quote, person: Person, point: ContactPoint) -> str:
    """Return a person's link to a quote, for a message to one of their addresses; blank if access was taken away.

    Whoever is sent a quote is let in, invited or not.
    """
    access = PortalAccess.objects.filter(person=person).first()
    if person.erased_at or (access and not access.is_open):
        return ""
    if access is None:
        PortalAccess.invite(person, by=None)
    link = links.make_link(person, job=quote.job, point=point, about=about_quote(quote))
    return links.link_url(link, directory().brands[quote.brand_id])


FEATURES: list[Feature] = [
    CustomerQuotePage(quote_address),
    RecordLink(model=Quote, purpose="look", name="portal_access:look_at_quote", permission=preview.PERMISSION),
]
