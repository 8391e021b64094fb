"""Register what the portal adds."""

from crm.platform.features import Feature
from portal.access.features import FEATURES as ACCESS
from portal.documents.features import FEATURES as DOCUMENTS
from portal.job.features import FEATURES as JOB
from portal.onboarding.features import FEATURES as ONBOARDING
from portal.portfolio.features import FEATURES as PORTFOLIO
from portal.preferences.withheld import WITHHELD
from portal.sharing.features import FEATURES as SHARING
from portal.updates.features import FEATURES as UPDATES

FEATURES: list[Feature] = [*ACCESS, *DOCUMENTS, *JOB, *ONBOARDING, *PORTFOLIO, *SHARING, *UPDATES, WITHHELD]
