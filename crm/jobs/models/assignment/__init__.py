"""Models of assignment: rules, skills, territories, capacity, absences, and the placement log."""

from crm.jobs.models.assignment.absence import Absence
from crm.jobs.models.assignment.availability import Availability
from crm.jobs.models.assignment.capacity import Capacity
from crm.jobs.models.assignment.placement import Placement, Tier
from crm.jobs.models.assignment.policy import AssignmentPolicy
from crm.jobs.models.assignment.rule import AssignmentRule, Strategy
from crm.jobs.models.assignment.skill import MemberSkill, Skill
from crm.jobs.models.assignment.territory import Territory, TerritoryMember
from crm.jobs.models.assignment.turn import AssignmentTurn

__all__ = [
    "Absence",
    "AssignmentPolicy",
    "AssignmentRule",
    "AssignmentTurn",
    "Availability",
    "Capacity",
    "MemberSkill",
    "Placement",
    "Skill",
    "Strategy",
    "Territory",
    "TerritoryMember",
    "Tier",
]
