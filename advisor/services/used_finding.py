"""Using what the LIR finder found: the scenario's answers from it, and what it measured, which the pay plans go by from then on."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from advisor.economics.lir.answers import answers_of, gross_retention_of, measured_by, reached_by
from advisor.economics.lir.search import Evidence
from advisor.models import Scenario, UsageSearch, UsedFinding
from advisor.models.audit import Kind
from advisor.models.scenario import AnswerValue
from advisor.models.used_finding import FIRST
from advisor.services.audit import Actor, record
from advisor.services.scenario import Saved, save_answers

GROSS_RETENTION = "gross_retention"


def finding_to_use(found: UsageSearch, best: Evidence) -> UsedFinding:
    """What was found as it is kept for a scenario that uses it; not saved, and without a number."""
    reached, renewals = reached_by(best), measured_by(best)
    return UsedFinding(
        scenario_id=found.scenario_id,
        answers=dict(answers_of(best)),
        lir_rate=list(reached.lir_rate),
        after_lir=None if renewals is None else list(renewals.after_lir),
        without_lir=None if renewals is None else list(renewals.without_lir),
        is_held=reached.is_held,
        customers=reached.customers,
        files_on=found.uploaded_on,
    )


@transaction.atomic
def use_finding(scenario: Scenario, found: UsageSearch, best: Evidence, *, based_on: int, by: Actor, also: Collection[str] = ()) -> Saved:
    """Answer a scenario's questions about its leading indicator by what was found, and keep with it what was measured: both, or neither.

    Args:
        scenario: Read with its answers.
        found: In whose files it was found.
        best: What was.
        based_on: The revision of the scenario that was seen.
        by: Who does.
        also: `GROSS_RETENTION` where that is answered by it as well.

    What is in force already is not kept again. Raises TooMuchTraffic, and Scenario.DoesNotExist where somebody deleted it meanwhile.
    """
    Scenario.objects.select_for_update(no_key=True).values_list("pk").get(pk=scenario.pk)  # one after the other
    used = finding_to_use(found, best)
    kept = gross_retention_of(best)
    values: dict[str, AnswerValue] = {**used.answers, **({GROSS_RETENTION: kept} if GROSS_RETENTION in also and kept is not None else {})}
    assert by.user is not None
    saved = save_answers(scenario, values, based_on=based_on, author=by.user, is_measured=True)
    if saved.conflicts:
        return saved
    in_force = UsedFinding.objects.in_force(scenario, saved.answers)
    if in_force is None or in_force.says != used.says:
        last = UsedFinding.objects.filter(scenario=scenario).values_list("number", flat=True).first()
        used.number, used.author = FIRST if last is None else last + 1, by.user
        used.save(force_insert=True)
        company = scenario.segment.company
        said = f"{scenario}: used what was found in usage, number {used.number}."
        record(Kind.CHANGED, said, by=by, workspace=company.workspace_id, company=company)
    return saved
