"""Column names in the exports of lead ads, and what these put before numbers."""

import re

from leads.importing.mapping.exports.recognition import Export, fields, machinery, telling

META = "Meta lead ads"
META_LEADS = Export(
    META,
    telling("ad_id, ad_name, adset_id, adset_name, form_id, form_name, is_organic, inbox_url, campaign_id"),
    3,
    fields(
        external_id="id",
        created="created_time",
        campaign="campaign_name",
        name="full_name, vollständiger_name, nom_complet, nombre_completo, volledige_naam",
        phone="phone_number, phone",
        street="street_address",
        postcode="zip_code, post_code, zip",
        none="platform, ad_name, adset_name, form_name, lead_status",
    ),
    machinery=machinery("ad_id, adset_id, campaign_id, form_id, is_organic, inbox_url"),
)
# Not by a real file, unlike the others. Beside what only ads have "User name" is no login.
GOOGLE_LEADS = Export(
    "Google Ads",
    telling("GCL ID, GCLID, Asset ID, Ad group ID, Ad group name, Campaign ID, User email, User phone"),
    4,
    fields(external_id="lead id", campaign="campaign name", name="user name", email="user email", phone="user phone"),
    machinery=machinery("gcl id, gclid, asset id, ad group id, campaign id"),
    is_partly_known=True,
)
# So Meta keeps spreadsheets from taking a number for one: "p:+1813…", "z:33605".
_PREFIX = re.compile(r"^[pz]:(?=[+\dA-Z])")


def without_prefix(cell: str) -> str:
    """Return a cell of Meta's without the letter that says what it is."""
    return _PREFIX.sub("", cell)
