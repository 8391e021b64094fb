from comms.models.attachment import Attachment
from comms.models.channel import Channel
from comms.models.delivery_report import DeliveryReport
from comms.models.inbound import Inbound
from comms.models.medium import Direction, Medium, Purpose
from comms.models.message import Message
from comms.models.sender_profile import SenderProfile

__all__ = [
    "Attachment",
    "Channel",
    "DeliveryReport",
    "Direction",
    "Inbound",
    "Medium",
    "Message",
    "Purpose",
    "SenderProfile",
]
