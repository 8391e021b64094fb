from comms.models.appointments import AppointmentMessage, CalendarAnswer, CalendarEntry
from comms.models.attachment import Attachment
from comms.models.channel import Channel
from comms.models.consent import Consent
from comms.models.contact_preference import ContactPreference
from comms.models.decision import Decision
from comms.models.delivery_report import DeliveryReport
from comms.models.draft import Draft, DraftFile
from comms.models.inbound import Inbound
from comms.models.kill_switch import KillSwitch
from comms.models.mail.judged_sender import JudgedSender
from comms.models.mail.mail_folder import MailFolder
from comms.models.mail.mailbox_connection import MailAccount, MailboxConnection, MailboxState
from comms.models.mail.mailbox_day import MailboxDay
from comms.models.mail.mailbox_policy import MailboxPolicy, mailbox_policy
from comms.models.mail.picture_sender import PictureSender
from comms.models.medium import Direction, Medium, Purpose
from comms.models.message import Message
from comms.models.recording import Recording, RecordingPolicy
from comms.models.sender_profile import SenderProfile
from comms.models.sending_policy import SendingPolicy
from comms.models.suppression import Suppression
from comms.models.survey_answer import SurveyAnswer
from comms.models.template import Template
from comms.models.template_use import TemplateUse
from comms.models.template_version import TemplateVersion

__all__ = [
    "AppointmentMessage",
    "Attachment",
    "CalendarAnswer",
    "CalendarEntry",
    "Channel",
    "Consent",
    "ContactPreference",
    "Decision",
    "DeliveryReport",
    "Direction",
    "Draft",
    "DraftFile",
    "Inbound",
    "JudgedSender",
    "KillSwitch",
    "MailAccount",
    "MailFolder",
    "MailboxConnection",
    "MailboxDay",
    "MailboxPolicy",
    "MailboxState",
    "Medium",
    "Message",
    "PictureSender",
    "Purpose",
    "Recording",
    "RecordingPolicy",
    "SenderProfile",
    "SendingPolicy",
    "Suppression",
    "SurveyAnswer",
    "Template",
    "TemplateUse",
    "TemplateVersion",
    "mailbox_policy",
]
