"""A channel of each provider of texts, for the tests."""

from comms.channels.interface import Provider
from comms.channels.providers import bird, messagebird, meta_whatsapp, twilio
from comms.models import Channel

NUMBER, THEIRS = "+18135550100", "+18135550199"
SECRETS = {
    "twilio": {"auth_token": "12345"},
    "messagebird": {"access_key": "live_1", "signing_key": "PlLrKaqvZNRR5zAjm42ZT6q1SQxgbbGd"},
    "bird": {"access_key": "live_2", "signing_key": "k3y"},
    "meta_whatsapp": {"access_token": "EAAB", "app_secret": "s3cret", "verify_token": "mine"},
}
SETTINGS = {
    "twilio": {"account_sid": "AC1"},
    "messagebird": {"channel_id": "ch", "namespace": "ns"},
    "bird": {"workspace_id": "ws", "channel_id": "ch"},
    "meta_whatsapp": {"phone_number_id": "106540352242922"},
}
PROVIDERS: dict[str, Provider] = {
    each.key: each for each in (twilio.Twilio(), messagebird.MessageBird(), bird.Bird(), meta_whatsapp.MetaWhatsApp())
}


def channel(key: str, **secrets: str) -> Channel:
    made = Channel(provider=key, address=NUMBER, settings=SETTINGS[key])
    made.seal(SECRETS[key] | secrets)
    return made
