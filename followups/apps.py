"""The follow-ups app: promises to customers, who keeps them and when, and the next step of every job."""

from crm.platform import features


class FollowupsConfig(features.AppConfig):
    name = "followups"
    verbose_name = "Follow-ups"
