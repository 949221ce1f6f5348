"""What is stored, and how it becomes framework values."""

from advisor.models.accounts import User
from advisor.models.api_token import ApiToken
from advisor.models.company import Company, Segment
from advisor.models.company_import import Import, ImportRow, ImportState, Standing
from advisor.models.decision import Decision
from advisor.models.portfolio import StoredAdvice
from advisor.models.saved_view import SavedView
from advisor.models.scenario import Answer, Origin, Scenario
from advisor.models.workshop import ParkedItem, Participant, Phase, Promise, Reply, Topic, Workshop, WorkshopStep, WorkshopWrite
from advisor.models.workspace import Membership, Role, Workspace

__all__ = [
    "Answer",
    "ApiToken",
    "Company",
    "Decision",
    "Import",
    "ImportRow",
    "ImportState",
    "Membership",
    "Origin",
    "ParkedItem",
    "Participant",
    "Phase",
    "Promise",
    "Reply",
    "Role",
    "SavedView",
    "Scenario",
    "Segment",
    "Standing",
    "StoredAdvice",
    "Topic",
    "User",
    "Workshop",
    "WorkshopStep",
    "WorkshopWrite",
    "Workspace",
]
