"""The follow-ups app: tasks for customers with a date and an assignee, and the next step of every job."""

from crm.platform import features


class FollowupsConfig(features.AppConfig):
    name = "followups"
    verbose_name = "Follow-ups"
