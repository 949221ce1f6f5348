from datetime import UTC
from math import sqrt
from typing import Any, NamedTuple

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Exists, OuterRef

SHAPE = 2  # of the results that pay plans have gone by until here
QUESTIONS = ("lir_event", "lir_threshold", "lir_window_days", "lir_window", "lir_rate")
EVENT = {"count": "{}", "days": "days with {}", "breadth": "different events"}
Z = 1.959964  # standard errors of a 95 % interval
LEAST_HELD = LEAST_OF_A_LENGTH = 30
A_YEAR, YEAR_DAYS = (300, 430), 365


def keep_what_is_used(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """What pay plans go by stood with the files alone: of each scenario that has used it, it is kept with the scenario."""
    answers, used = (apps.get_model("advisor", name).objects for name in ("Answer", "UsedFinding"))
    newer = answers.filter(scenario=OuterRef("scenario"), question=OuterRef("question"), revision__gt=OuterRef("revision"))
    for search in apps.get_model("advisor", "UsageSearch").objects.filter(result__isnull=False).iterator():
        result: Any = search.result
        if result.get("shape") != SHAPE or result["finding"]["best"] is None or result["finding"]["refusal"] is not None:
            continue
        rows = answers.filter(~Exists(newer), scenario=search.scenario_id, question__in=QUESTIONS, origin="measured")
        present = {answer.question: answer for answer in rows}
        found = found_in(result["finding"]["best"])
        if {name: answer.value for name, answer in present.items()} != found["answers"]:
            continue
        rate = present["lir_rate"]
        files_on = search.uploaded_at.astimezone(UTC).date()
        used.create(scenario_id=search.scenario_id, number=1, files_on=files_on, author_id=rate.author_id, at=rate.at, **found)


class Term(NamedTuple):
    """Customers that were due with contracts of one length, as a result has them."""

    days: float
    running: float
    hit_renewed: float
    hit_left: float
    missed_renewed: float
    missed_left: float
    hit_early: float
    missed_early: float

    @property
    def hits(self) -> float:
        return self.hit_renewed + self.hit_left + self.hit_early

    @property
    def others(self) -> float:
        return self.missed_renewed + self.missed_left + self.missed_early

    @property
    def is_asked(self) -> bool:
        return self.hits + self.others > 0 or self.running > 0

    @property
    def is_enough(self) -> bool:
        return self.hits + self.others > 0 and all(number == 0 or number >= LEAST_OF_A_LENGTH for number in (self.hits, self.others))


def found_in(best: dict[str, Any]) -> dict[str, Any]:
    """What a result answered and measured, as the version that wrote it has told it."""
    measure, event, window, threshold = best["candidate"]
    is_held, terms = who_stands_for_all(*([Term(*term) for term in best[name]] for name in ("every", "newest")))
    hits, others = sum(term.hits for term in terms), sum(term.others for term in terms)
    reach, low, high = wilson(hits, hits + others)
    rate = round(reach, 4)
    is_told = tells_a_year(terms)
    return {
        "answers": {
            "lir_event": EVENT[measure].format(event)[:200],
            "lir_threshold": float(threshold),
            "lir_window_days": float(window),
            "lir_window": "first_days",
            "lir_rate": rate,
        },
        "lir_rate": [min(low, rate), rate, max(high, rate)],
        "after_lir": by_year([(term.days, term.hit_renewed, term.hits) for term in terms if term.hits]) if is_told else None,
        "without_lir": by_year([(term.days, term.missed_renewed, term.others) for term in terms if term.others]) if is_told else None,
        "is_held": is_held,
        "customers": round(hits + others),
    }


def who_stands_for_all(every: list[Term], newest: list[Term]) -> tuple[bool, list[Term]]:
    are_enough = min(sum(term.hits for term in newest), sum(term.others for term in newest)) >= LEAST_HELD
    is_held = are_enough and (tells_a_year(newest) or not tells_a_year(every))
    return is_held, [term for term in (newest if is_held else every) if term.is_asked]


def tells_a_year(terms: list[Term]) -> bool:
    asked = [term for term in terms if term.is_asked]
    return len(asked) < 2 or all(term.is_enough for term in asked)


def by_year(of: list[tuple[float, float, float]]) -> list[float] | None:
    """Days, renewed and customers of each length, as a range of what a year keeps; None where there is nobody."""
    customers = sum(number for *_, number in of)
    if not customers:
        return None
    each = [(number / customers, *(a_year(end, days) for end in wilson(renewed, number))) for days, renewed, number in of]
    value = sum(weight * mean for weight, mean, _, _ in each)
    low = value - sqrt(sum((weight * (mean - low)) ** 2 for weight, mean, low, _ in each))
    high = value + sqrt(sum((weight * (high - mean)) ** 2 for weight, mean, _, high in each))
    return [min(max(low, 0.0), value), value, max(min(high, 1.0), value)]


def a_year(share: float, days: float) -> float:
    return share if A_YEAR[0] <= days <= A_YEAR[1] else float(share ** (YEAR_DAYS / days))


def wilson(part: float, whole: float) -> tuple[float, float, float]:
    share, of_z = part / whole, Z**2 / whole
    middle = (share + of_z / 2) / (1 + of_z)
    half = sqrt(of_z * share * (1 - share) + of_z**2 / 4) / (1 + of_z)
    return share, max(middle - half, 0.0), min(middle + half, 1.0)


class Migration(migrations.Migration):
    dependencies = [("advisor", "0027_used_findings")]
    operations = [migrations.RunPython(keep_what_is_used, migrations.RunPython.noop)]
