"""The assistant app: helpers that propose and never act."""

from crm.platform import features


class AssistantConfig(features.AppConfig):
    name = "assistant"
