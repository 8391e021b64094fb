"""The permission to set webhooks up."""

MANAGE = "webhooks.manage"
