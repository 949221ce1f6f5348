"""What is stored, and how it becomes framework values."""

from advisor.models.accounts import User
from advisor.models.company import Company, Segment
from advisor.models.scenario import Answer, Origin, Scenario
from advisor.models.workspace import Membership, Role, Workspace

__all__ = [
    "Answer",
    "Company",
    "Membership",
    "Origin",
    "Role",
    "Scenario",
    "Segment",
    "User",
    "Workspace",
]
