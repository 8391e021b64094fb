"""Section of the configuration file: the minutes that each act saves, in the report on work."""

from django.utils.translation import gettext_lazy

from crm.platform.configuration.row_content import TableContent
from crm.platform.configuration.sections import ConfigurationSection, UnexportedModel
from crm.platform.configuration.values import WholeCodec
from crm.platform.features import Feature
from reports.models import ReportMail, WorkPolicy
from reports.models.work import MOST_MINUTES, act_minutes

SECTIONS: list[Feature] = [
    ConfigurationSection(
        name="saved_minutes",
        label=gettext_lazy("Minutes saved"),
        page="reports:work",
        content=TableContent(
            models=(WorkPolicy,),
            get=act_minutes,
            save=lambda values, by: WorkPolicy.set_minutes(values, by=by),
            codec=WholeCodec(MOST_MINUTES),
        ),
    ),
    UnexportedModel(ReportMail, "Mailed reports have members as recipients."),
]
