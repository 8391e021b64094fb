"""The follow-ups app: tasks planned for customers, by whom and when, and the next step of every job."""

from crm.platform import features


class FollowupsConfig(features.AppConfig):
    name = "followups"
    verbose_name = "Follow-ups"
