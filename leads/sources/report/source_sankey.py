"""The Sankey chart of one currency, with a link at each stage and the period before for comparison."""

from django.utils.translation import gettext as _

from crm.kernel import formats
from leads.sources.report.figures import SourceFigures
from leads.sources.report.formatting import SourceReportFormat, format_percent
from leads.sources.report.lead_count import LeadCount
from leads.sources.report.sankey_chart import SankeyChart, SankeyNode, draw_sankey


def draw_source_sankey(
    counted: LeadCount, figures: SourceFigures, earlier: SourceFigures | None, report_format: SourceReportFormat
) -> SankeyChart:
    """Draw from spend to revenue. `earlier`: the figures of the period before, if it is compared."""
    steps = _Steps(counted, figures, earlier, report_format)
    nodes = [
        steps.spent(),
        steps.step("leads", _("Leads"), steps.per_lead()),
        steps.step("qualified", _("Qualified"), _("%(share)s of leads"), "leads", _("not qualified")),
        steps.step("quoted", _("Quoted"), _("%(share)s of those"), "qualified", _("no quote made")),
        steps.step("won", _("Won"), _("%(share)s of quotes"), "quoted", _("lost or still open")),
        steps.revenue(),
    ]
    return draw_sankey(nodes, (figures.leads, figures.qualified, figures.quoted, figures.won))


class _Steps:
    """Builds the nodes of the chart."""

    def __init__(
        self,
        counted: LeadCount,
        figures: SourceFigures,
        earlier: SourceFigures | None,
        report_format: SourceReportFormat,
    ) -> None:
        self.counted = counted
        self.currency = counted.currency
        self.figures = figures
        self.earlier = earlier
        self.format = report_format

    def step(self, name: str, label: str, note: str, previous: str = "", why: str = "") -> SankeyNode:
        """Return the node of a count. `note` may contain its %(share)s of the previous stage; `why`: rest's label."""
        count = getattr(self.figures, name)
        lost = ""
        if previous:
            before = getattr(self.figures, previous)
            note = note % {"share": format_percent(count, before)}
            if before > count:
                lost = f"−{formats.whole_number(before - count)}"
        earlier = ""
        if self.earlier is not None:
            earlier = _("before: %(value)s") % {"value": formats.whole_number(getattr(self.earlier, name))}
        url = self.format.url(self.counted._replace(step=name))
        return SankeyNode(label, formats.whole_number(count), note, url, lost=lost, why=why, before=earlier)

    def spent(self) -> SankeyNode:
        spent = self.format.money(self.figures.spent, self.currency)
        earlier = self._earlier_money("spent")
        return SankeyNode(_("Spent"), spent, _("what we paid"), self.format.spend_url, is_money=True, before=earlier)

    def per_lead(self) -> str:
        if not self.figures.per_lead:
            return ""
        return _("%(money)s each") % {"money": self.format.money(self.figures.per_lead, self.currency)}

    def revenue(self) -> SankeyNode:
        revenue = self.format.short_money(self.figures.revenue, self.currency)
        note = ""
        if self.figures.spent:
            times = self.format.decimal(self.figures.revenue / self.figures.spent)
            note = _("%(times)s × spent") % {"times": times}
        url = self.format.url(self.counted._replace(step="won"))
        earlier = self._earlier_money("revenue")
        return SankeyNode(_("Revenue"), revenue, note, url, is_money=True, before=earlier)

    def _earlier_money(self, name: str) -> str:
        if self.earlier is None:
            return ""
        value = self.format.short_money(getattr(self.earlier, name), self.currency)
        return _("before: %(value)s") % {"value": value}
