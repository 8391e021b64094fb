"""The models of persons, contact points, companies, properties and merges."""

from crm.people.models.company import Company
from crm.people.models.contact_point import ContactPoint
from crm.people.models.duplicate_candidate import DuplicateCandidate
from crm.people.models.merge import Merge
from crm.people.models.person import Person
from crm.people.models.profiling_objection import ProfilingObjection, may_be_profiled, profiling_objected
from crm.people.models.property import Claim, Property

__all__ = [
    "Claim",
    "Company",
    "ContactPoint",
    "DuplicateCandidate",
    "Merge",
    "Person",
    "ProfilingObjection",
    "Property",
    "may_be_profiled",
    "profiling_objected",
]
