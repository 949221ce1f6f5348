"""What is stored, and how it becomes framework values."""

from advisor.models.accounts import User
from advisor.models.api_token import ApiToken
from advisor.models.assumptions import KeptAssumptions
from advisor.models.audit import AuditEntry
from advisor.models.company import Company, Segment
from advisor.models.company_import import Import, ImportRow, ImportState, Standing
from advisor.models.decision import Decision
from advisor.models.invitation import Invitation
from advisor.models.policy import PolicyVersion
from advisor.models.portfolio import StoredAdvice
from advisor.models.portfolio_numbers import StoredNumbers
from advisor.models.saved_view import SavedView
from advisor.models.scenario import Answer, Origin, Scenario
from advisor.models.sharing import Level, Share
from advisor.models.usage import JourneyPage, SearchState, Usage, UsageSearch
from advisor.models.used_finding import UsedFinding
from advisor.models.workshop import ParkedItem, Participant, Phase, Promise, Reply, Topic, Workshop, WorkshopStep, WorkshopWrite
from advisor.models.workspace import Membership, Role, Workspace

__all__ = [
    "Answer",
    "ApiToken",
    "AuditEntry",
    "Company",
    "Decision",
    "Import",
    "ImportRow",
    "ImportState",
    "Invitation",
    "JourneyPage",
    "KeptAssumptions",
    "Level",
    "Membership",
    "Origin",
    "ParkedItem",
    "Participant",
    "Phase",
    "PolicyVersion",
    "Promise",
    "Reply",
    "Role",
    "SavedView",
    "Scenario",
    "SearchState",
    "Segment",
    "Share",
    "Standing",
    "StoredAdvice",
    "StoredNumbers",
    "Topic",
    "Usage",
    "UsageSearch",
    "UsedFinding",
    "User",
    "Workshop",
    "WorkshopStep",
    "WorkshopWrite",
    "Workspace",
]
