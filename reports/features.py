"""Register what reports adds."""

from django.utils.translation import gettext_lazy as _

from crm.platform.access.permissions import PermissionGroup
from crm.platform.features import Feature
from reports.past.features import FEATURES as PAST

FEATURES: list[Feature] = [PermissionGroup(28, "reports", _("Reports")), *PAST]
