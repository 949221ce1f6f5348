"""Which column of a file is which of ours: by its usual names, and never two for one without a word."""

from __future__ import annotations

import pytest

from advisor.economics.lir.columns import COLUMNS, Ambiguous, Named, is_called, missing_sentence, named, plain, taken_sentence


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("Contract Start Date", "start"),
        ("contract_start_date", "start"),
        ("CONTRACT-START-DATE ", "start"),
        ("Customer ID", "customer"),
        ("CustomerID", "customer"),
        ("Account", "customer"),
        ("Status", "renewed"),
        ("Renewed?", "renewed"),
        ("Event Name", "event"),
        ("Timestamp", "time"),
        ("Churn Date", "date"),
        ("Plan", "segment"),
        ("Contract length (days)", "contract_days"),
        ("# of events", None),
        ("Mood", None),
    ],
)
def test_a_column_is_known_by_its_usual_names_however_they_are_written(name: str, column: str | None) -> None:
    assert named([name]) == Named({} if column is None else {column: name}, {})


def test_no_name_is_of_two_columns() -> None:
    words = [plain(word) for column in COLUMNS.values() for word in column]
    assert len(words) == len(set(words))


def test_each_column_is_called_by_our_own_name_first() -> None:
    assert [plain(words[0]) for words in COLUMNS.values()] == [plain(column) for column in COLUMNS]
    assert (is_called("Contract Days", "contract_days"), is_called("Term days", "contract_days")) == (True, False)


def test_our_own_name_goes_before_others_which_are_said() -> None:
    found = named(["Contract start", "Start", "Account name", "Account ID"])
    assert found == Named({"start": "Start", "customer": "Account ID"}, {"Contract start": "start", "Account name": "customer"})
    assert taken_sentence(found, ("customer", "start")) == (
        "Taken by their names: “Account ID” for customer. “Contract start” could be start as well, and was left out, since “Start” was "
        "taken for it. “Account name” could be customer as well, and was left out, since “Account ID” was taken for it."
    )


@pytest.mark.parametrize("columns", [["Renewal date", "Churn date"], ["Start", "start "], ["signed", "Contract start"]])
def test_two_columns_that_may_say_different_things_are_refused(columns: list[str]) -> None:
    with pytest.raises(Ambiguous) as refused:
        named(columns)
    column = "date" if "date" in columns[0] else "start"
    assert str(refused.value) == f"“{columns[0]}” and “{columns[1]}” are both “{column}”. Keep one."


def test_what_is_not_read_is_not_refused() -> None:
    assert named(["Renewal date", "Churn date"], read=("customer", "time")) == Named({"date": "Renewal date"}, {"Churn date": "date"})


def test_our_own_names_are_no_news() -> None:
    assert taken_sentence(named(["Customer", "START", "renewed"]), ("customer", "start", "renewed")) == ""


def test_a_file_that_lacks_columns_is_told_which_it_has_and_how_to_call_them() -> None:
    columns = ["Account", "Begin", "Outcome"]
    assert missing_sentence(["start", "renewed"], columns, named(columns)) == (
        "no column “start” and no “renewed”. Its columns are “Account” (taken for customer), “Begin”, “Outcome”. Call “start” the one with "
        "the first day of the first contract, “renewed” the one with yes, no, or blank while it is not due."
    )


def test_of_many_columns_the_first_are_named() -> None:
    columns = [f"column {number}" for number in range(25)]
    assert missing_sentence(["time"], columns, named(columns)) == (
        f"no column “time”. Its columns are {', '.join(f'“column {number}”' for number in range(20))} and 5 more. Call “time” the one with "
        "the day or moment of what was done."
    )
