"""How a colleague is shown: what the pages show of them to every member."""

from typing import Any

from rest_framework import serializers

from api.resources.record_serializer import named_record
from crm.platform.models import Member
from crm.platform.models.member import Role


class MemberSerializer(serializers.Serializer):
    """A colleague."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    role = serializers.ChoiceField(Role.values)


def member_record(member: Member) -> dict[str, Any]:
    """Return what MemberSerializer shows of a member."""
    return named_record(member) | {"role": member.role}
