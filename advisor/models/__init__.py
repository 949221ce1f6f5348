"""What is stored, and how it becomes framework values."""

from advisor.models.accounts import User
from advisor.models.company import Company, Segment
from advisor.models.scenario import Answer, Origin, Scenario
from advisor.models.workshop import Participant, Phase, Promise, Reply, Topic, Workshop, WorkshopStep
from advisor.models.workspace import Membership, Role, Workspace

__all__ = [
    "Answer",
    "Company",
    "Membership",
    "Origin",
    "Participant",
    "Phase",
    "Promise",
    "Reply",
    "Role",
    "Scenario",
    "Segment",
    "Topic",
    "User",
    "Workshop",
    "WorkshopStep",
    "Workspace",
]
