"""Customers and their usage from files: every form comes to the same, and what is wrong is named."""

from __future__ import annotations

import datetime as dt
import gzip
import re
import tempfile
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.economics.lir import usage_file
from advisor.economics.lir.candidates import WINDOWS
from advisor.economics.lir.cells import EPOCH
from advisor.economics.lir.customers_file import A_RENEWAL, MOST_SEGMENTS
from advisor.economics.lir.files import HEADER_BYTES, Unreadable
from advisor.economics.lir.reading import Read, read
from advisor.economics.lir.usage_file import LEAST_ALIKE, MOST_COUNT, MOST_EVENTS

CUSTOMERS = """customer,start,renewed,date,segment
Acme,2026-01-01,yes,2027-01-05,small
Bolt,2026-01-02,no,2026-02-01,large
Cord,2026-03-01,,,small
"""
NOT_DUE = "Not due, and not counted: 1 customer whose contract was not over on 2027-01-05, when the files end."
A_YEAR = (
    "Taken to have contracts of 365 days: {}, since no length is given, and fewer than 20 renewals have a date to tell it by. Where "
    "contracts are of other lengths, give that of each in a column “contract_days”."
)
SILENT = "Not counted: 1 customer whose contract was over on {}, when the files end, without a word on whether they renewed."
USAGE = """customer,event,time,count
Acme,log in,2026-01-01,3
Acme,log in,2026-01-07,2
Acme,log in,2026-01-08,1
Acme,export,2026-03-31,4
Acme,export,2026-04-01,9
Bolt,log in,2026-01-02,1
Cord,log in,2026-03-02,1
"""

FIRST = dt.date(2026, 1, 1)


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    def written(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return written


Write = Callable[..., Path]


def two(write: Write, usage: str | bytes = USAGE, customers: str | bytes = CUSTOMERS) -> Read:
    return read(write("usage.csv", usage), write("customers.csv", customers))


def refusal(write: Write, usage: str | bytes = USAGE, customers: str | bytes | None = CUSTOMERS) -> str:
    with pytest.raises(Unreadable) as refused:
        read(write("usage.csv", usage), None if customers is None else write("customers.csv", customers))
    return str(refused.value)


def told(found: Read) -> dict[str, Any]:
    """All of what was read, as plain values."""
    customers = found.customers
    return {
        "names": customers.names,
        "start": customers.start.tolist(),
        "lived": customers.lived.tolist(),
        "renewed": customers.renewed.tolist(),
        "is_due": customers.is_due.tolist(),
        "segment": [customers.segments[number] for number in customers.segment],
        "events": found.usage.events,
        "counts": found.usage.counts.tolist(),
        "days": found.usage.days.tolist(),
    }


def in_window(found: Read, window: int, customer: str, event: str) -> tuple[int, int]:
    """Count and days."""
    place = WINDOWS.index(window), found.customers.names.index(customer), found.usage.events.index(event)
    return int(found.usage.counts[place]), int(found.usage.days[place])


# What is read.


def test_customers_are_read_with_what_became_of_them(write: Write) -> None:
    customers = two(write).customers
    assert customers.names == ("Acme", "Bolt", "Cord")
    assert customers.renewed.tolist() == [True, False, False]
    assert customers.is_due.tolist() == [True, True, False]
    assert customers.lived.tolist() == [369, 30, 310]  # Cord until the last day that the files know
    assert customers.left.tolist() == [False, True, False]
    assert customers.contract.tolist() == [365, 365, 365]
    assert [customers.segments[number] for number in customers.segment] == ["small", "large", "small"]


@pytest.mark.parametrize(
    ("window", "event", "done"),
    [
        pytest.param(7, "log in", (5, 2), id="the seventh day is in the first week"),
        pytest.param(14, "log in", (6, 3), id="the eighth is not"),
        pytest.param(60, "export", (0, 0), id="not yet"),
        pytest.param(90, "export", (4, 1), id="the ninetieth day is, the day after is not"),
    ],
)
def test_usage_is_counted_within_each_window(write: Write, window: int, event: str, done: tuple[int, int]) -> None:
    assert in_window(two(write), window, "Acme", event) == done


def test_rows_and_usage_without_anything_left_out(write: Write) -> None:
    found = two(write)
    assert (found.rows, found.notices, found.usage.events) == (7, (A_YEAR.format("3 customers"), NOT_DUE), ("export", "log in"))


def one_file(usage: str, customers: str) -> str:
    """Both files as one: the customers' columns on each row of usage; a row without usage for who did nothing."""
    head, *rows = customers.splitlines()
    of = {row.split(",")[0]: row.split(",", 1)[1] for row in rows}
    lines = [f"{row},{of[name]}" for row in usage.splitlines()[1:] if (name := row.split(",")[0]) in of]
    used = {row.split(",")[0] for row in usage.splitlines()[1:]}
    lines += [f"{name},,,,{rest}" for name, rest in of.items() if name not in used]
    return "\n".join([f"{usage.splitlines()[0]},{head.split(',', 1)[1]}", *lines])


WIDE = """customer,time,log in,export,owner
Acme,2026-01-01,3,,Ann
Acme,2026-01-07,2,0,Ann
Acme,2026-01-08,1,,Ann
Acme,2026-03-31,,4,Ann
Acme,2026-04-01,,9,Ann
Bolt,2026-01-02,1,,Ben
Cord,2026-03-02,1,,Ben
"""


def test_one_file_is_read_as_two(write: Write) -> None:
    assert told(read(write("all.csv", one_file(USAGE, CUSTOMERS)))) == told(two(write))


def test_a_customer_without_usage_has_a_row_in_one_file(write: Write) -> None:
    without = "\n".join(USAGE.splitlines()[:-1])
    found = read(write("all.csv", one_file(without, CUSTOMERS)))
    assert told(found) == told(two(write, without))
    assert found.customers.names == ("Acme", "Bolt", "Cord")


def test_wide_is_read_as_long_and_says_what_it_left_out(write: Write) -> None:
    wide = two(write, WIDE)
    assert told(wide) == told(two(write))
    assert wide.notices == (
        "Read as events, since no column is called “event”: “log in”, “export”.",
        "Without a number, and left out: “owner”.",
        A_YEAR.format("3 customers"),
        NOT_DUE,
    )


# Names of columns that the tables between have.
@pytest.mark.parametrize("name", ["time_day", "start_day", "number", "window", "rows", "variable", "value", "literal", "len"])
def test_an_event_may_have_any_name(name: str, write: Write) -> None:
    expected = told(two(write, WIDE)) | {"events": ("export", name)}
    assert told(two(write, WIDE.replace("log in", name))) == expected


@pytest.mark.parametrize("kind", [pl.Categorical, pl.Enum(["2026-01-01", "2027-01-05", " "])])
def test_days_may_be_texts_of_few_values(kind: Any, tmp_path: Path, write: Write) -> None:
    """As a library of tables writes a column in which the same texts come often."""
    rows = {
        "customer": ["Acme"] * 2,
        "start": ["2026-01-01"] * 2,
        "renewed": ["yes"] * 2,
        "date": ["2027-01-05"] * 2,
        "event": ["log in", ""],
    }
    frame = pl.DataFrame(rows | {"time": ["2026-01-01", " "]})
    frame.write_csv(tmp_path / "all.csv")
    frame.with_columns(pl.col("start", "date", "time").cast(kind)).write_parquet(tmp_path / "all.parquet")
    assert told(read(tmp_path / "all.parquet")) == told(read(tmp_path / "all.csv"))


def test_wide_in_one_file(write: Write) -> None:
    assert told(read(write("all.csv", one_file(WIDE, CUSTOMERS)))) == told(two(write))


def beyond(customers: int, last: str) -> str:
    return (
        f"Left out of each window that goes on after the last day of usage, {last}: {customers} customer{'' if customers == 1 else 's'} "
        "due, whose first 90 days do."
    )


def attributed(customers: int, more: str = "", cells: str = "") -> tuple[str, str]:
    """A wide usage of several rows a customer, on which its price and its size stand as well, and the customers."""
    names = [f"c{number}" for number in range(customers)]
    rows = [
        f"{name},2026-01-0{day},{day},{1000 * number + 500},{number % 3 * 10}{cells}"
        for number, name in enumerate(names)
        for day in (1, 2, 3)
    ]
    own = [f"{name},2026-01-01,yes,2027-01-05" for name in names]
    return "\n".join([f"customer,time,log in,arr,employees{more}", *rows]), "\n".join(["customer,start,renewed,date", *own])


def test_a_wide_column_that_is_the_same_on_every_row_of_a_customer_is_no_event(write: Write) -> None:
    found = two(write, *attributed(LEAST_ALIKE))
    assert found.usage.events == ("employees", "log in")
    # A third of the customers has no employees, so that too few have the same on several rows.
    assert found.notices == (
        "Read as events, since no column is called “event”: “log in”, “employees”.",
        "The same on every row of a customer, so no count of what it did, and left out: “arr”.",
        A_YEAR.format("10 customers"),
        beyond(10, "2026-01-03"),
    )
    many = two(write, *attributed(LEAST_ALIKE * 2))
    assert many.usage.events == ("log in",)
    assert many.notices[1] == "The same on every row of a customer, so no count of what it did, and left out: “arr”, “employees”."


@pytest.mark.parametrize(
    ("name", "said"),
    [
        *((name, "Without a name of its own") for name in ("Unnamed: 0", "", "_duplicated_0", "__index_level_0__", "unnamed: 12_level_1")),
        *(
            (name, "By the name a number that tells one from another (id)")
            for name in ("account_owner_id", "ID", "Owner Id", "ownerId", "user-ids")
        ),
    ],
)
def test_a_wide_column_without_a_name_or_with_an_id_is_no_event(write: Write, name: str, said: str) -> None:
    wide = WIDE.replace("owner", f"owner,{name}").replace("Ann", "Ann,17").replace("Ben", "Ben,4")
    found = two(write, wide)
    assert told(found) == told(two(write))
    assert f"{said}, and left out: “{name or '(blank)'}”." in found.notices


@pytest.mark.parametrize("name", ["paid", "bid", "Invalid", "unnamed reports"])
def test_a_name_that_only_looks_like_an_id_is_an_event(write: Write, name: str) -> None:
    assert two(write, WIDE.replace("log in", name)).usage.events == tuple(sorted(["export", name]))


def test_events_that_are_asked_for_are_left_out_and_said(write: Write) -> None:
    usage, customers = write("usage.csv", USAGE), write("customers.csv", CUSTOMERS)
    found = read(usage, customers, without=["export"])
    assert (found.usage.events, found.rows) == (("log in",), 7)
    assert found.notices[0] == "Left out, as was asked for: “export”."
    assert told(found) == told(read(usage, customers, without=["export", "gone"]))
    with pytest.raises(Unreadable) as refused:
        read(usage, customers, without=["export", "log in"])
    assert str(refused.value) == "usage.csv: all its events are left out. Expected: at least one to look at."


def test_a_wide_column_that_is_the_same_for_few_customers_may_be_an_event(write: Write) -> None:
    assert two(write, *attributed(LEAST_ALIKE - 1)).usage.events == ("arr", "employees", "log in")


def test_an_event_that_came_once_each_is_one_where_other_rows_are_blank(write: Write) -> None:
    names = [f"c{number}" for number in range(LEAST_ALIKE * 2)]
    usage = "".join(f"{name},2026-01-01,1,\n{name},2026-01-02,,2\n" for name in names)
    own = "".join(f"{name},2026-01-01,yes,2027-01-05\n" for name in names)
    found = two(write, f"customer,time,invite,export\n{usage}", f"customer,start,renewed,date\n{own}")
    assert found.usage.events == ("export", "invite")


@pytest.mark.parametrize(
    ("head", "left_out"),
    [
        pytest.param("customer,time,log in,n", ["“n” (count)"], id="n is how often"),
        pytest.param("customer,time,log in,count", ["“count” (count)"], id="count itself"),
        pytest.param("customer,time,log in,Plan", ["“Plan” (segment)"], id="plan is a segment"),
        pytest.param("customer,at,log in,clicks", [], id="at is the time"),
    ],
)
def test_a_wide_column_whose_name_is_taken_is_said(head: str, left_out: list[str], write: Write) -> None:
    found = two(write, f"{head}\nAcme,2026-01-01,3,8\nBolt,2026-01-02,1,9\n")
    expected = [f"Taken for other columns by their names, and left out: {name}. Rename what is an event." for name in left_out]
    taken = ["Taken by their names: “at” for time."] if "at" in head.split(",") else []
    events = "“log in”" if left_out else "“log in”, “clicks”"
    read_as = f"Read as events, since no column is called “event”: {events}."
    assert list(found.notices) == [*taken, read_as, *expected, A_YEAR.format("3 customers"), NOT_DUE, beyond(2, "2026-01-02")]
    assert found.usage.events == (("log in",) if left_out else ("clicks", "log in"))


def test_a_name_that_the_one_file_reads_is_not_said(write: Write) -> None:
    found = read(write("all.csv", one_file(WIDE, CUSTOMERS.replace("segment", "plan"))))
    assert found.notices == ("Taken by their names: “plan” for segment.", *two(write, WIDE).notices)


def test_a_wide_file_without_events_says_what_was_left_out(write: Write) -> None:
    assert refusal(write, "customer,time,owner,events\nAcme,2026-01-01,Ann,3\n") == (
        "usage.csv: no column “event”, and no columns of numbers that could each be an event. Without a number, and left out: “owner”. "
        "Taken for other columns by their names, and left out: “events” (count). Rename what is an event."
    )


def test_days_of_a_wide_parquet_file_are_no_events(tmp_path: Path, write: Write) -> None:
    rows = {"customer": ["Acme"], "time": [FIRST], "log in": [3], "seen": [FIRST], "tags": [["x"]]}
    pl.DataFrame(rows).write_parquet(tmp_path / "usage.parquet")
    found = read(tmp_path / "usage.parquet", write("customers.csv", CUSTOMERS))
    assert found.usage.events == ("log in",)
    assert found.notices[1] == "Without a number, and left out: “seen”, “tags”."


def renamed(text: str) -> str:
    return text.replace("customer,", "Account ID,").replace("time", "Timestamp").replace("event", "Event Name")


def test_rows_may_stand_in_any_order(write: Write) -> None:
    def turned(text: str) -> str:
        head, *rows = text.splitlines()
        return "\n".join([head, *reversed(rows)])

    assert told(two(write, turned(USAGE), turned(CUSTOMERS))) == told(two(write))


def test_columns_are_taken_by_the_names_that_exports_have_and_said(write: Write) -> None:
    customers = CUSTOMERS.replace("customer,start,renewed,date,segment", "Customer ID,Contract Start Date,Renewed?,Renewal Date,Plan")
    usage = USAGE.replace("customer,event,time,count", "customer_id,Event Name,Timestamp,Count")
    found = two(write, usage, customers)
    assert told(found) == told(two(write))
    assert found.notices[:2] == (
        "Taken by their names: “Customer ID” for customer, “Contract Start Date” for start, “Renewal Date” for date, “Plan” for segment.",
        "Taken by their names: “customer_id” for customer, “Event Name” for event, “Timestamp” for time.",
    )


def test_the_customer_is_the_column_that_both_files_have(write: Write) -> None:
    customers = re.sub(r"(?m)^([A-Za-z]+),", r"\1 Ltd,\1,", CUSTOMERS).replace("customer Ltd,customer", "Account ID,Account Name")
    found = two(write, USAGE.replace("customer", "account_name"), customers)
    assert told(found) == told(two(write))
    assert found.notices[0].endswith("“Account ID” could be customer as well, and was left out, since “Account Name” was taken for it.")


def test_a_row_without_a_customer_is_said_once_where_everything_stands_in_one_file(write: Write) -> None:
    usage, own = steady()
    whole = one_file(usage.rstrip(), own)
    found = read(write("all.csv", f"{whole}\n,log in,2026-01-02,2026-01-02,,"))
    assert [each for each in found.notices if "without a customer" in each] == [
        f"Left out as a slip: 1 row (a row without a customer), as in line {len(whole.splitlines()) + 1:,}, where “customer” is blank."
    ]


def test_a_date_of_usage_goes_before_other_names_of_its_time(write: Write) -> None:
    found = two(
        write, USAGE.replace("time", "date").replace("count", "count,received at").replace("\n", ",soon\n").replace("at,soon", "at")
    )
    assert told(found) == told(two(write))
    assert found.notices[0] == (
        "Taken by their names: “date” for time. “received at” could be time as well, and was left out, since “date” was taken for it."
    )


def test_columns_of_usage_that_nothing_reads_are_no_harm(write: Write) -> None:
    usage = USAGE.replace("count", "count,Renewal date,Churn date").replace("\n", ",a,b\n").replace("date,a,b", "date")
    assert told(two(write, usage)) == told(two(write))


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda text: text.replace(",", ";"), id="semicolons, as Excel has them"),
        pytest.param(lambda text: text.replace(",", "\t"), id="tabs"),
        pytest.param(lambda text: text.replace("\n", "\r\n"), id="Windows"),
        pytest.param(lambda text: "\ufeff" + text, id="byte order mark"),
        pytest.param(renamed, id="other names"),
        pytest.param(lambda text: text.replace("Acme", " Acme ").replace("log in", " log in"), id="spaces around"),
        pytest.param(lambda text: text.replace(",yes,", ",TRUE,").replace(",no,", ",0,"), id="other words for yes and no"),
        pytest.param(lambda text: text.replace("2026-01-01", "2026-01-01T23:59:59-08:00"), id="moments with their zone"),
        pytest.param(lambda text: text.replace("2026-01-01", "2026-01-01 00:30:00+09:00"), id="moments without a T"),
        pytest.param(lambda text: text.replace(",3\n", ",3.0\n"), id="numbers with decimals"),
        pytest.param(lambda text: text.replace("Cord,log in,2026-03-02,1", "Cord,log in,2026-03-02,"), id="a blank count is one"),
        pytest.param(lambda text: text.replace("2026-01-08,1", "2026-01-08,1\nAcme,log in,2026-01-09,0"), id="a count of nothing"),
        pytest.param(lambda text: text.replace("Acme", '"Acme"').replace("small", '"small"'), id="quotes around cells"),
        pytest.param(lambda text: text.rstrip("\n"), id="no line end at the end"),
    ],
)
def test_what_says_the_same_is_read_as_the_same(write: Write, change: Callable[[str], str]) -> None:
    assert told(two(write, change(USAGE), change(CUSTOMERS))) == told(two(write))


def test_without_a_count_each_row_is_one(write: Write) -> None:
    usage = "customer,event,time\nAcme,log in,2026-01-01\nAcme,log in,2026-01-01\n"
    assert in_window(two(write, usage), 7, "Acme", "log in") == (2, 1)


def test_a_date_of_usage_in_a_file_of_its_own_is_its_time(write: Write) -> None:
    assert told(two(write, USAGE.replace("time", "date"))) == told(two(write))


def test_parts_add_up_over_windows_before_they_are_whole(write: Write) -> None:
    usage = "customer,event,time,count\nAcme,hours,2026-01-01,0.1\nAcme,hours,2026-01-09,0.2\nAcme,hours,2026-01-10,0.7\n"
    found = two(write, usage)
    assert [in_window(found, window, "Acme", "hours") for window in (7, 14)] == [(0, 1), (1, 3)]
    assert found.notices[0] == "Counts with a fraction, added up and then rounded down, so that 0.4 is 0: “hours”."


def by_semicolons(text: str, count: str = "", days: str = "") -> str:
    """As Excel saves it where the comma is the decimal mark, with a count of the second row, and contracts of so many days."""
    text = text.replace("2026-01-07,2", f"2026-01-07,{count or 2}")
    if days:
        text = text.replace("segment\n", "segment,contract_days\n").replace("small\n", f"small,{days}\n").replace("large\n", "large,\n")
    return text.replace(",", ";")


@pytest.mark.parametrize("usage", [pytest.param(USAGE, id="long"), pytest.param(WIDE, id="wide")])
def test_a_count_that_may_be_of_thousands_is_refused(usage: str, write: Write) -> None:
    column = "count" if usage == USAGE else "log in"
    assert refusal(write, by_semicolons(usage, "1.200"), by_semicolons(CUSTOMERS)) == (
        f"usage.csv: line 3: a count that may be two: “{column}” is “1.200” (customer “Acme”). "
        "Expected: no dot between thousands, and no three decimals."
    )
    assert in_window(two(write, usage.replace("2026-01-07,2", "2026-01-07,1.200")), 7, "Acme", "log in") == (4, 2)


@pytest.mark.parametrize("count", ["0.125", "1200", "1.25", "1234.567"])
def test_a_count_that_is_one_number_is_read_beside_semicolons(count: str, write: Write) -> None:
    found = two(write, by_semicolons(USAGE, count), by_semicolons(CUSTOMERS))
    assert in_window(found, 7, "Acme", "log in") == (int(3 + float(count)), 2)


def test_a_length_that_may_be_of_thousands_is_refused(write: Write) -> None:
    assert refusal(write, by_semicolons(USAGE), by_semicolons(CUSTOMERS, days="1.095")) == (
        "customers.csv: line 2: no length of a contract: “contract_days” is “1.095” (customer “Acme”, “Cord”), in 2 rows. "
        "Expected: its days, a number from 1 to 3,660, or blank where it is not known."
    )


def test_a_renewal_without_a_date_is_of_a_year_and_says_so(write: Write) -> None:
    found = two(write, USAGE + "Acme,log in,2027-01-02,1\n", CUSTOMERS.replace("2027-01-05", ""))
    assert found.customers.lived[0] == 365
    assert found.customers.is_due[0]
    assert found.notices[:2] == (
        A_YEAR.format("3 customers"),
        "Taken to have come when the contract ended: 1 renewal without a date.",
    )


def test_a_renewal_that_is_still_to_come_does_not_make_the_files_end_later(write: Write) -> None:
    found = two(write, customers=CUSTOMERS.replace("Cord,2026-03-01,,,", "Cord,2026-03-01,,2028-03-01,"))
    assert found.customers.lived[2] == 310
    assert not found.customers.is_due[2]


def test_rows_before_the_start_and_of_strangers_are_left_out_and_said(write: Write) -> None:
    found = two(write, USAGE + "Acme,log in,2025-12-31,50\nDoor,log in,2026-01-01,7\nDoor,export,2026-01-01,7\n")
    assert told(found) == told(two(write))
    assert found.notices == (
        "Left out: 2 rows of customers that are not in the list.",
        "Left out: 1 row of usage before the customer's start.",
        A_YEAR.format("3 customers"),
        NOT_DUE,
    )


def test_what_is_done_after_leaving_is_left_out_and_said(write: Write) -> None:
    """An export of the data, or use until a notice runs out; on the day of leaving it is still the customer's."""
    later = "Bolt,log in,2026-02-01,2\nBolt,log in,2026-02-02,4\nBolt,export,2026-03-01,8\nAcme,log in,2026-03-02,1\n"
    found = two(write, usage=USAGE + later)
    bolt, log_in, export = found.customers.names.index("Bolt"), *(found.usage.events.index(event) for event in ("log in", "export"))
    assert found.usage.counts[:, bolt, log_in].tolist() == [1, 1, 1, 3, 3]
    assert found.usage.counts[:, bolt, export].tolist() == [0] * 5
    assert "Left out: 2 rows of usage after the day on which the customer left." in found.notices


@pytest.mark.parametrize("is_wide", [False, True])
def test_events_that_differ_in_capitals_or_blanks_alone_are_one(write: Write, is_wide: bool) -> None:
    if is_wide:
        usage = (
            WIDE.replace("log in", "Log In,log  in ")
            .replace("-07,2,", "-07,,2,")
            .replace("-01,3,", "-01,2,1,")
            .replace("-08,1,", "-08,1,,")
        )
        usage = usage.replace("-31,,4", "-31,,,4").replace("04-01,,9", "04-01,,,9").replace("02,1,,", "02,1,,,")
    else:
        usage = USAGE.replace("log in,2026-01-01,3", "Log In,2026-01-01,2\nAcme,log  in ,2026-01-01,1").replace("log in", "Log In")
        usage = usage.replace("Log In,2026-01-07", "log  in ,2026-01-07")
    found = two(write, usage)
    assert told(found) == told(two(write)) | {"events": ("Log In", "export")} | swapped(told(two(write)))
    assert [each for each in found.notices if each.startswith("Taken for one event")] == [
        "Taken for one event, “Log In”, since they differ in capitals or blanks alone: “Log In” (5), “log  in{}” (3).".format(
            " " if is_wide else ""
        )
    ]
    assert found.events == [("Log In", 8), ("export", 4)]


def swapped(of: dict[str, Any]) -> dict[str, Any]:
    """The counts with both events in the other order."""
    return {name: np.array(of[name])[:, :, ::-1].tolist() for name in ("counts", "days")}


def test_an_event_is_shown_without_blanks_around(write: Write) -> None:
    found = two(write, WIDE.replace("log in", " log in "))
    assert (told(found), found.notices[2:]) == (told(two(write, WIDE)), two(write, WIDE).notices[2:])


def test_only_the_events_that_came_most_often_are_looked_at(write: Write) -> None:
    rows = "".join(f"Acme,event {number:03},2026-01-01,{number + 1}\n" for number in range(MOST_EVENTS + 2))
    found = two(write, "customer,event,time,count\n" + rows)
    assert found.usage.events == tuple(f"event {number:03}" for number in range(2, MOST_EVENTS + 2))
    assert f"Of {MOST_EVENTS + 2} events only the {MOST_EVENTS} that came most often were looked at." in found.notices


def test_more_customers_and_events_than_can_be_held_are_refused(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(usage_file, "MOST_CELLS", 6)
    assert two(write).usage.counts.shape == (5, 3, 2)
    monkeypatch.setattr(usage_file, "MOST_CELLS", 5)
    assert refusal(write) == (
        "usage.csv: 3 customers with 2 events are more than can be searched. "
        "Expected: customers times events of at most 5: leave out the oldest customers, or events that you do not look for."
    )
    monkeypatch.setattr(usage_file, "MOST_CELLS", 2)
    assert refusal(write).startswith("customers.csv: 3 customers with 1 event are more than can be searched. ")


@pytest.mark.parametrize(("more", "kept"), [(MOST_SEGMENTS - 2, MOST_SEGMENTS), (MOST_SEGMENTS - 1, 1)])
def test_a_segment_of_too_many_values_is_left_out(write: Write, more: int, kept: int) -> None:
    rows = "".join(f"customer {number},2026-01-01,yes,2027-01-05,segment {number}\n" for number in range(more))
    found = two(write, customers=CUSTOMERS + rows)
    assert (len(found.customers.segments), found.left_out_segments) == (kept, 0 if kept > 1 else 51)
    said = [notice for notice in found.notices if "segment" in notice]
    assert said == ([] if kept > 1 else ["“segment” has 51 values, more than 50, and was left out: too few customers are alike in it."])


# Who is counted.


@pytest.mark.parametrize(
    ("yes", "no", "open"),
    [
        ("Renewed", "Churned", "Active"),
        ("retained", "LOST", "pending"),
        ("TRUE", "cancelled", "not due"),
        ("1.0", "0.0", ""),
        ("t", "f", "current"),
        ("Y", "Not renewed", "live"),
    ],
)
def test_a_status_says_who_renewed(write: Write, yes: str, no: str, open: str) -> None:
    own = CUSTOMERS.replace(",yes,", f",{yes},").replace(",no,", f",{no},").replace("Cord,2026-03-01,,", f"Cord,2026-03-01,{open},")
    assert told(two(write, customers=own)) == told(two(write))


@pytest.mark.parametrize("word", ["Expired", "Closed Won", "Inactive", "2"])
def test_a_status_that_is_not_sure_is_refused_by_its_name(write: Write, word: str) -> None:
    assert refusal(write, customers=CUSTOMERS.replace(",no,", f",{word},")) == (
        f"customers.csv: line 3: neither yes nor no: “renewed” is “{word}” (customer “Bolt”). Expected: yes or renewed, no, churned, lost "
        "or cancelled, or blank or active while not due."
    )


def test_who_is_active_after_the_contract_has_not_said_whether_it_renewed(write: Write) -> None:
    """Left uncounted they would leave those who left alone."""
    assert refusal(write, customers=CUSTOMERS + "Door,2026-01-03,Active,,small\n") == (
        "customers.csv: 1 customer “active” in “renewed” whose contract was over on 2027-01-05, when the files end, as in line 5: that "
        "does not say whether they renewed. Expected: renewed (or yes) of who did, and active only while the first contract runs."
    )
    found = two(write, customers=CUSTOMERS + "Door,2026-01-03,Active,,small\n" + renewals(97, 365, "2026-01-01"))
    assert found.notices[1] == (
        "Not taken to have renewed: 1 customer “active” in “renewed” whose contract was over on 2027-01-05, when the files end, as in "
        "line 5."
    )
    assert SILENT.format("2027-01-05") in found.notices


def test_active_and_blank_on_rows_of_one_customer_are_two_things(write: Write) -> None:
    assert refusal(write, customers=CUSTOMERS + "Cord,2026-03-01,active,,small\n") == (
        "customers.csv: line 5: rows of one customer say different things: “renewed” is “active”, and blank in line 4 (customer “Cord”). "
        "Expected: the same on each."
    )


def renewals(number: int, days: int, first: str = "2025-01-01") -> str:
    """Rows of customers that renewed so many days after they started."""
    ended = dt.date.fromisoformat(first) + dt.timedelta(days)
    return "".join(f"renewed {days} {place},{first},yes,{ended},small\n" for place in range(number))


def test_who_left_before_the_contract_was_over_when_the_files_end_is_not_due(write: Write) -> None:
    """Those who started with them and stay are not known yet: with the leavers alone, new customers would seem to renew hardly ever."""
    early = "Door,2026-02-01,no,2026-03-01,small\nExit,2026-02-01,yes,2027-01-04,small\n"
    found = two(write, customers=CUSTOMERS + early)
    assert found.customers.names == ("Acme", "Bolt", "Door", "Exit", "Cord")
    assert found.customers.is_due.tolist() == [True, True, False, False, False]
    assert found.customers.left.tolist() == [False, True, True, False, False]
    assert found.customers.lived.tolist() == [369, 30, 28, 338, 310]
    assert found.notices[-1] == (
        "Not due, and not counted: 3 customers whose contract was not over on 2027-01-05, when the files end. Among them 2 who left or "
        "renewed already: who of the others will is not known yet."
    )


def test_who_is_due_and_of_whom_nothing_is_said_is_counted_as_missing(write: Write) -> None:
    found = two(write, customers=CUSTOMERS + "Door,2026-01-03,,,small\n")
    assert found.customers.is_due.tolist() == [True, True, False, False]
    assert found.notices[-1] == SILENT.format("2027-01-05")


@pytest.mark.parametrize(
    ("rows", "days"),
    [
        pytest.param(renewals(20, 30), 30, id="of a month"),
        pytest.param(renewals(18, 30), 365, id="too few to tell"),
        pytest.param(renewals(20, 348), 365, id="signed before the end"),
        pytest.param(renewals(20, 500), 500, id="of no usual length"),
        pytest.param(renewals(20, 0), 1, id="on the first day"),
    ],
)
def test_contracts_are_as_long_as_those_that_were_renewed(write: Write, rows: str, days: int) -> None:
    assert two(write, customers=CUSTOMERS + rows).customers.contract.tolist() == [days] * len(f"{CUSTOMERS}{rows}".splitlines()[1:])


def test_a_column_says_how_long_each_contract_is(write: Write) -> None:
    own = CUSTOMERS.replace("segment\n", "segment,contract_days\n").replace("small\n", "small,30\n").replace("large\n", "large,365\n")
    found = two(write, customers=own)
    assert found.customers.contract.tolist() == [30, 365, 30]
    assert found.customers.lived.tolist() == [369, 30, 310]
    assert found.notices[0] == (
        "Contracts are of 30 to 365 days (eight of ten). Renewals are compared as they came, whatever the contract; a segment for each "
        "length keeps them apart."
    )
    one = read(write("all.csv", one_file(WIDE, own)))
    assert (one.customers.contract.tolist(), one.usage.events) == ([30, 365, 30], ("export", "log in"))


def with_lengths(*days: str) -> str:
    """Customers who all left after 20 days, one of each of these lengths of a contract."""
    rows = "".join(f"Acme{place},2026-01-01,no,2026-01-21,small,{length}\n" for place, length in enumerate(days))
    return f"customer,start,renewed,date,segment,contract_days\n{rows.replace('Acme0', 'Acme')}"


@pytest.mark.parametrize(
    ("given", "taken", "which"),
    [
        pytest.param(["91"] * 3, 91, "the length given most often (3 of 3 others)", id="all the same"),
        pytest.param(["91", "91", "365"], 91, "the length given most often (2 of 3 others)", id="most are short"),
        pytest.param(["91", "365.2", "364.8"], 365, "the length given most often (2 of 3 others)", id="most are about as long"),
        pytest.param(["91", "365"], 365, "the longest of the lengths given most often (1 of 2 others)", id="as many of each"),
        pytest.param(["1095"], 1_095, "the length given most often (1 of 1 other)", id="one"),
    ],
)
def test_a_contract_without_a_length_is_as_long_as_most_that_have_one(write: Write, given: list[str], taken: int, which: str) -> None:
    found = two(write, customers=with_lengths(*given, "", ""))
    assert found.customers.contract.tolist() == [*(round(float(days)) for days in given), taken, taken]
    assert [notice for notice in found.notices if notice.startswith("Taken to have contracts")] == [
        f"Taken to have contracts of {taken:,} days: 2 customers without a length. It is {which}; of those without one fewer than 20 "
        "renewals have a date to tell it by."
    ]


@pytest.mark.parametrize(
    ("others", "taken"), [pytest.param(renewals(18, 365), 30, id="too few to tell"), pytest.param(renewals(20, 365), 365, id="enough")]
)
def test_renewals_of_those_without_a_length_tell_it_before_the_lengths_of_others_do(write: Write, others: str, taken: int) -> None:
    found = two(write, customers=some_with_a_length(others), usage=USAGE.replace("Acme", "renewed 30 0"))
    without = [name.startswith("renewed 365") for name in found.customers.names]
    assert set(found.customers.contract[without].tolist()) == {taken}
    assert [notice.startswith("Taken to have contracts of 30 days: 18 customers without") for notice in found.notices[1:2]] == [taken == 30]


def test_that_contracts_are_taken_for_a_year_is_said_where_nothing_says_how_long_they_are(write: Write) -> None:
    blank = two(write, customers=with_lengths("", "", ""))
    assert blank.customers.contract.tolist() == [365] * 3
    assert A_YEAR.format("3 customers") in blank.notices
    assert not [notice for notice in two(write, customers=with_lengths("91", "91")).notices if notice.startswith("Taken to have contracts")]


def some_with_a_length(others: str) -> str:
    """Rows of 60 monthly customers whose contracts have their length, and of others whose have none."""
    monthly = renewals(60, 30).replace("small\n", "small,30\n")
    return f"customer,start,renewed,date,segment,contract_days\n{monthly}{others.replace('small' + chr(10), 'large,' + chr(10))}"


def test_a_contract_without_a_length_is_as_long_as_others_without_one(write: Write) -> None:
    """The monthly ones say theirs, and left blank are the yearly ones, which are fewer."""
    found = two(write, customers=some_with_a_length(renewals(30, 365)), usage=USAGE.replace("Acme", "renewed 30 0"))
    assert sorted(set(zip(found.customers.segment.tolist(), found.customers.contract.tolist(), strict=True))) == [(0, 365), (1, 30)]
    assert not [notice for notice in found.notices if notice.startswith("Renewals")]


def test_contracts_of_different_lengths_among_those_without_one_are_asked_for(write: Write) -> None:
    found = two(write, customers=some_with_a_length(renewals(20, 91) + renewals(40, 365)), usage=USAGE.replace("Acme", "renewed 30 0"))
    assert found.notices[1] == (
        "Where no length is given, renewals came 91 to 365 days after the start (eight of ten), yet each such contract is taken to be of "
        "365 days. Where contracts differ, give the length of each in a column “contract_days”."
    )


@pytest.mark.parametrize("days", ["a year", "0", "-30", "nan", "9999"])
def test_a_contract_of_no_length_is_refused(write: Write, days: str) -> None:
    own = CUSTOMERS.replace("segment\n", "segment,contract_days\n").replace("small\n", "small,\n").replace("large\n", f"large,{days}\n")
    assert refusal(write, customers=own) == (
        f"customers.csv: line 3: no length of a contract: “contract_days” is “{days}” (customer “Bolt”). Expected: its days, a number from "
        "1 to 3,660, or blank where it is not known."
    )


def test_contracts_of_one_customer_that_differ_are_named(write: Write) -> None:
    own = CUSTOMERS.replace("segment\n", "segment,contract_days\n").replace("small\n", "small,\n").replace("large\n", "large,30\n")
    assert refusal(write, customers=f"{own}Bolt,2026-01-02,no,2026-02-01,large,60\n") == (
        "customers.csv: line 5: rows of one customer say different things: “contract_days” is “60”, and “30” in line 3 (customer “Bolt”). "
        "Expected: the same on each."
    )


def test_contracts_of_different_lengths_are_asked_for(write: Write) -> None:
    found = two(write, customers=CUSTOMERS + renewals(20, 30) + renewals(40, 365))
    assert found.customers.contract.tolist() == [365] * 63
    assert found.notices[0] == (
        "Renewals came 30 to 365 days after the start (eight of ten), yet each contract is taken to be of 365 days. Where contracts "
        "differ, give the length of each in a column “contract_days”."
    )


def test_a_customer_is_alive_after_its_renewal_and_windows_end_with_the_contract(write: Write) -> None:
    found = two(write, customers=CUSTOMERS + renewals(20, 30, "2026-01-01"))
    assert found.customers.lived[found.customers.names.index("renewed 30 0")] == 30
    assert [int(found.customers.there_after(window).sum()) for window in WINDOWS] == [23, 23, 23, 0, 0]
    assert found.notices == (
        "Taken to have done nothing: 20 customers of the list without usage in the first 90 days.",
        SILENT.format("2027-01-05"),
    )


def signed_on(*days: int, contract: int = 91, column: bool = False) -> str:
    """Customers with contracts of a length, of whom each has renewed so many days after the start."""
    rows = "".join(
        f"c{place},2026-01-01,yes,{FIRST + dt.timedelta(day)}{f',{contract}' if column else ''}\n" for place, day in enumerate(days)
    )
    return f"customer,start,renewed,date{',contract_days' if column else ''}\n{rows}"


def early(contract: int, last: int) -> str:
    return (
        f"Of contracts of {contract} days, no window that ends later than {last} days after the start is searched: one renewal in 20 or "
        "more was signed by then, and what a customer does as it signs would seem to have led to it."
    )


@pytest.mark.parametrize(
    ("days", "unsigned", "windows"),
    [
        pytest.param([91] * 40, 91, [7, 14, 30, 60, 90], id="all at the end"),
        pytest.param([80, 82, *[91] * 38], 82, [7, 14, 30, 60], id="one in 20 before"),
        pytest.param([3, 5, *[90] * 60], 90, [7, 14, 30, 60, 90], id="fewer"),
        pytest.param([*[25] * 4, *[91] * 36], 25, [7, 14], id="more"),
        pytest.param([*[200] * 3, *[91] * 37], 91, [7, 14, 30, 60, 90], id="late"),
        pytest.param([20, *[88] * 17, 91], 365, [7, 14, 30, 60, 90], id="too few to tell"),
    ],
)
def test_windows_end_before_renewals_are_signed(write: Write, days: list[int], unsigned: int, windows: list[int]) -> None:
    """What is done around a signing would seem to lead to it. Of all customers alike, since by the customer it would tell who renews."""
    usage = "customer,event,time\n" + "".join(f"c{place},log in,2026-0{1 + place % 6}-01\n" for place in range(len(days)))
    found = two(write, f"{usage}c1,log in,2027-06-01\n", f"{signed_on(*days)}gone,2026-01-01,no,2026-02-20\nsilent,2026-01-01,,\n")
    assert set(found.customers.unsigned.tolist()) == {unsigned}
    assert found.customers.are_signings_known is (len(days) >= 20)
    assert [window for window in WINDOWS if found.customers.within(window).all()] == windows
    assert [notice for notice in found.notices if "signed" in notice] == ([early(91, unsigned)] if len(windows) < 5 else [])


def test_each_length_of_contract_has_its_own_signings_and_a_rare_one_those_of_all(write: Write) -> None:
    month, year = signed_on(*[27] * 20, contract=30, column=True), signed_on(*[365] * 60, contract=365, column=True)
    rows = [row.replace("c", "m", 1) for row in month.splitlines()[1:]] + year.splitlines()[1:]
    rare = ["r1,2026-01-01,yes,2026-01-11,200", "r2,2026-01-01,no,2026-01-21,29"]
    found = two(
        write, "customer,event,time\nc1,log in,2026-01-02\nc1,log in,2027-06-01\n", "\n".join([month.splitlines()[0], *rows, *rare])
    )
    place = {name: number for number, name in enumerate(found.customers.names)}
    assert {name: int(found.customers.unsigned[place[name]]) for name in ("m0", "c0", "r1", "r2")} == {
        "m0": 27, "c0": 365, "r1": 180, "r2": 26
    }  # fmt: skip
    assert [notice for notice in found.notices if "signed" in notice] == [early(30, 27)]


def test_windows_that_the_usage_does_not_cover_are_not_counted(write: Write) -> None:
    """Who started before tracking began did not do nothing; neither did who started a week before it ended."""
    late = CUSTOMERS + "Door,2025-12-31,no,2026-06-01,small\nExit,2026-03-23,yes,2027-03-23,small\n"
    found = two(write, customers=late)
    assert found.customers.names == ("Door", "Acme", "Bolt", "Cord", "Exit")
    assert found.customers.tracked.tolist() == [0, 91, 90, 32, 10]
    assert found.customers.is_due.tolist() == [True, True, True, False, True]
    assert found.customers.is_counted.tolist() == [False, True, True, False, True]
    assert [found.customers.there_after(window).tolist()[-1] for window in WINDOWS] == [True, False, False, False, False]
    assert found.notices == (
        "Taken to have done nothing: 1 customer of the list without usage in the first 90 days.",
        A_YEAR.format("5 customers"),
        SILENT.format("2027-03-23"),
        ("Not counted: 1 customer due, but with a start before the first day of usage, 2026-01-01: what they did at first is not known."),
        beyond(1, "2026-04-01"),
    )


@pytest.mark.parametrize("strangers", [7, 8])
def test_where_most_rows_are_of_others_the_names_do_not_fit(write: Write, strangers: int) -> None:
    usage = USAGE + "Door,log in,2026-01-01,7\n" * strangers
    if strangers == 7:
        assert two(write, usage).notices[0] == "Left out: 7 rows of customers that are not in the list."
    else:
        assert refusal(write, usage) == (
            "usage.csv: 8 of 15 rows belong to no customer of the list. Expected: at most half. The names have to be the same in both; "
            "leave out the rows of who is no customer."
        )


@pytest.mark.parametrize("end", ["\r\n", "\r\r\n"])
def test_other_ends_of_lines_are_read_as_the_same(write: Write, end: str) -> None:
    assert told(two(write, USAGE.replace("\n", end), CUSTOMERS.replace("\n", end))) == told(two(write))


def test_blank_lines_are_no_rows_that_lack_cells(write: Write) -> None:
    assert told(two(write, USAGE.replace("Bolt", "\nBolt") + "\n\n")) == told(two(write))


def test_what_is_being_done_is_told(write: Write) -> None:
    steps: list[str] = []
    read(write("usage.csv", USAGE), write("customers.csv", CUSTOMERS), steps.append)
    assert steps == ["reading customers", "counting usage"]


# When the files begin and end.


def a_year_ago(days: int) -> dt.date:
    return dt.date(2025, 1, 1) + dt.timedelta(days)


def steady(left: str = "", more: str = "") -> tuple[str, str]:
    """Usage and customers, one that starts each day of 500, each with usage on its first days; who has had a year renewed.

    Args:
        left: When customer 450 leaves, whose contract still runs.
        more: Rows of usage.
    """
    own = [f"c{day},{a_year_ago(day)},{f'yes,{a_year_ago(day + 365)}' if day + 365 < 500 else ','}" for day in range(500)]
    if left:
        own[450] = f"c450,{a_year_ago(450)},no,{left}"
    rows = [f"c{day},log in,{a_year_ago(min(day + after, 499))}" for day in range(500) for after in (0, 1, 20)]
    return "\n".join(["customer,event,time", *rows, more]), "\n".join(["customer,start,renewed,date", *own])


TODAY = a_year_ago(500)
DUE = 135  # who started 365 days before the last day or earlier


def counted(found: Read) -> tuple[int, int]:
    """How many are due, and how many of them the files have from their first day on."""
    return int(found.customers.is_due.sum()), int(found.customers.is_counted.sum())


@pytest.mark.parametrize(
    ("until", "usage", "said"),
    [
        pytest.param(None, "", [], id="none"),
        pytest.param(
            None,
            "c5,log in,2027-01-05",
            [
                "Not taken for when usage begins or ends: 1 row of 1 customer, more than 30 days from all others, as in line 1,502. "
                "It is taken to go from 2025-01-01 to 2026-05-15."
            ],
            id="of a later year",
        ),
        pytest.param(
            TODAY,
            "c5,log in,2027-01-05",
            ["Left out: 1 row of usage after 2026-05-16, the day on which the files were uploaded, as in line 1,502."],
            id="of a later year than today",
        ),
        pytest.param(None, "nobody,log in,2026-06-01", ["Left out: 1 row of customers that are not in the list."], id="a stranger's"),
        pytest.param(None, "c5,log in,1990-01-01", ["Left out: 1 row of usage before the customer's start."], id="of 1990"),
    ],
)
def test_one_row_does_not_say_when_the_files_begin_or_end(write: Write, until: dt.date | None, usage: str, said: list[str]) -> None:
    own, customers = steady(more=usage)
    found = read(write("usage.csv", own), write("customers.csv", customers), until=until)
    assert counted(found) == (DUE, DUE)
    assert found.customers.tracked[0] == 500
    assert [notice for notice in found.notices if not notice.startswith("Not due")] == said


@pytest.mark.parametrize(
    ("more", "whose", "is_far"),
    [
        pytest.param(["c5,log in,2027-01-05"] * 2, "2 rows of 1 customer", True, id="twice on a day"),
        pytest.param([f"c{day},log in,2027-01-{day + 1:02}" for day in range(5)] * 6, "30 rows of 5 customers", True, id="of few"),
        pytest.param([f"c{day},log in,2027-01-{day + 1:02}" for day in range(6)] * 6, "", False, id="of too many"),
        pytest.param(["c5,log in,2027-01-05"] * 167, "", False, id="of one who is a tenth of the usage"),
    ],
)
def test_few_customers_do_not_say_when_usage_ends(write: Write, more: list[str], whose: str, is_far: bool) -> None:
    """One wrong clock may send many rows; with its day the leavers of running contracts would be due, and not who stays."""
    usage, customers = steady(more="\n".join(more))
    found = two(write, usage, customers)
    assert (found.customers.tracked[0] == 500, not found.customers.is_unknown.any()) == (is_far, is_far)
    assert [notice for notice in found.notices if notice.startswith("Not taken")] == (
        [
            f"Not taken for when usage begins or ends: {whose}, more than 30 days from all others, as in line 1,502. It is taken to go "
            "from 2025-01-01 to 2026-05-15."
        ]
        if is_far
        else []
    )


def outside(rows: str, line: str) -> str:
    return f"Left out: {rows} of usage of a day that is not from 1990 to 2100, as a wrong clock has it, as in {line}."


@pytest.mark.parametrize(
    ("more", "rows"),
    [
        pytest.param(["c5,log in,1970-01-01T00:00:12Z"], "1 row", id="of no time yet"),
        pytest.param(["c5,log in,2101-01-01"], "1 row", id="of a later century"),
        pytest.param(["nobody,log in,1970-01-01"], "1 row", id="a stranger's"),
        pytest.param(["c5,log in,1970-01-01", "c5,log in,1970-01-02"], "2 rows", id="of one customer"),
        pytest.param([f"c{day},log in,1970-01-01" for day in range(5)] * 6, "30 rows", id="of one customer in a hundred"),
    ],
)
@pytest.mark.parametrize("until", [None, TODAY])
def test_few_rows_of_days_outside_all_calendars_are_left_out(write: Write, more: list[str], rows: str, until: dt.date | None) -> None:
    """A device that has no time yet sends the first moment that it can tell."""
    usage, customers = steady(more="\n".join(more))
    without, _ = steady()
    expected, found = (read(write("usage.csv", each), write("customers.csv", customers), until=until) for each in (without, usage))
    assert told(found) == told(expected)
    assert found.customers.tracked.tolist() == expected.customers.tracked.tolist()
    of_strangers = ["Left out: 1 row of customers that are not in the list."] if more[0].startswith("nobody") else []
    assert list(found.notices) == [*of_strangers, outside(rows, "line 1,502"), *expected.notices]


@pytest.mark.parametrize(
    ("more", "whose"),
    [
        pytest.param(
            [f"c{day},log in,1970-01-01" for day in range(6)],
            "(customer “c0”, “c1”, “c2” and 3 more), in 6 rows",
            id="of more than one in a hundred",
        ),
        pytest.param(["c5,log in,1970-01-01"] * 167, "(customer “c5”), in 167 rows", id="a tenth of the rows"),
    ],
)
def test_many_rows_of_days_outside_all_calendars_are_refused(write: Write, more: list[str], whose: str) -> None:
    usage, customers = steady(more="\n".join(more))
    assert refusal(write, usage, customers) == (
        f"usage.csv: line 1,502: no time, or none that is a date: “time” is “1970-01-01” {whose}. Expected: year-month-day, from 1990 to "
        "2100, as 2026-03-01 or 2026-03-01T09:30."
    )


def test_of_few_rows_nobody_can_tell_that_a_day_outside_is_a_slip(write: Write) -> None:
    assert refusal(write, f"{USAGE}Acme,log in,1970-01-01,1\n").startswith("usage.csv: line 9: no time, or none that is a date: ")


def test_a_time_that_is_none_is_left_out_beside_a_day_outside(write: Write) -> None:
    found = two(write, *steady(more="c5,log in,1970-01-01\nc6,log in,soon"))
    assert "Left out as a slip: 1 row (no time, or none that is a date), as in line 1,503, where “time” is “soon” (customer “c6”)." in (
        found.notices
    )


def test_a_customer_with_a_day_outside_all_calendars_is_left_out_as_one_without_a_day_is(write: Write) -> None:
    usage, customers = steady()
    for row, fault in {
        "new,1970-01-01,,": "(no start, or none that is a date), as in line 502, where “start” is “1970-01-01”",
        "new,2026-01-01,no,2101-01-01": "(no date), as in line 502, where “date” is “2101-01-01”",
    }.items():
        found = two(write, usage, f"{customers}\n{row}")
        assert f"Left out as a slip: 1 row {fault} (customer “new”)." in found.notices
        assert told(found) == told(two(write, usage, customers))


# Few rows that are wrong.

FEW_WRONG = {
    "a row without a customer": (",2025-01-01,yes,2026-01-01,small\n", "“customer” is blank"),
    "neither yes nor no": ("odd,2025-01-01,perhaps,,small\n", "“renewed” is “perhaps” (customer “odd”)"),
    "no start, or none that is a date": ("odd,N/A,yes,2026-01-01,small\n", "“start” is “N/A” (customer “odd”)"),
    "no date": ("odd,2025-01-01,yes,soon,small\n", "“date” is “soon” (customer “odd”)"),
    "a date before the start": ("odd,2025-01-01,yes,2024-01-01,small\n", "“date” is “2024-01-01” (customer “odd”)"),
    "a customer who left without a “date”": ("odd,2025-01-01,no,,small\n", "“date” is blank (customer “odd”)"),
}


@pytest.mark.parametrize("what", FEW_WRONG)
def test_few_customers_that_are_wrong_are_left_out_and_said(write: Write, what: str) -> None:
    row, said = FEW_WRONG[what]
    rows = CUSTOMERS + renewals(297, 365)
    found = two(write, customers=rows + row)
    assert told(found) == told(two(write, customers=rows))
    assert f"Left out as a slip: 1 row ({what}), as in line 302, where {said}." in found.notices


def test_a_customer_that_stands_twice_is_left_out_as_a_slip(write: Write) -> None:
    rows = CUSTOMERS + renewals(297, 365)
    found = two(write, customers=rows + "odd,2025-01-01,yes,2026-01-01,small\nodd,2025-01-01,yes,2026-01-01,large\n")
    assert told(found) == told(two(write, customers=rows))
    assert (
        "Left out as a slip: 1 customer (rows of one customer say different things), as in line 303, where “segment” is “large”, and "
        "“small” in line 302 (customer “odd”)."
    ) in found.notices


def test_all_that_is_wrong_with_customers_is_said_at_once(write: Write) -> None:
    rows = CUSTOMERS + "".join(row.replace("odd", f"odd {number}") for number, (row, _) in enumerate(FEW_WRONG.values()))
    message = refusal(write, customers=rows + "Exit,N/A,,,small\nAcme,2026-01-01,yes,2027-01-05,large\n")
    assert message.splitlines() == [
        "customers.csv: 7 things are wrong.",
        "Line 5: a row without a customer: “customer” is blank. Expected: its name or number.",
        f"Line 6: neither yes nor no: “renewed” is “perhaps” (customer “odd 1”). Expected: {A_RENEWAL}.",
        "Line 7: no start, or none that is a date: “start” is “N/A” (customer “odd 2”, “Exit”), in 2 rows. Expected: year-month-day, from "
        "1990 to 2100, as 2026-03-01.",
        "Line 8: no date: “date” is “soon” (customer “odd 3”). Expected: year-month-day, from 1990 to 2100, of the renewal or of leaving.",
        "Line 9: a date before the start: “date” is “2024-01-01” (customer “odd 4”). Expected: the day of the renewal, or of leaving.",
        "Line 10: a customer who left without a “date”: “date” is blank (customer “odd 5”). Expected: the day of leaving: who left early "
        "could not do much, and has to be told apart from who did little.",
        "Line 12: rows of one customer say different things: “segment” is “large”, and “small” in line 2 (customer “Acme”). Expected: the "
        "same on each.",
    ]


def test_words_for_a_renewal_that_nobody_knows_are_all_named(write: Write) -> None:
    rows = "".join(f"odd {number},2025-01-01,{word},,small\n" for number, word in enumerate(["Expired", "Won", "Expired", "Paused", "?"]))
    assert "“renewed” is “Expired”, “Won” or “Paused” or 1 more (customer" in refusal(write, customers=CUSTOMERS + rows)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        pytest.param(",log in,2026-01-02", "(a row without a customer), as in line 1,502, where “customer” is blank", id="nobody's"),
        pytest.param("c5,,2026-01-02", "(a row without an event), as in line 1,502, where “event” is blank (customer “c5”)", id="nothing"),
        pytest.param(
            "c5,log in,N/A", "(no time, or none that is a date), as in line 1,502, where “time” is “N/A” (customer “c5”)", id="never"
        ),
    ],
)
def test_few_rows_of_usage_that_are_wrong_are_left_out_and_said(write: Write, row: str, said: str) -> None:
    found = two(write, *steady(more=row))
    assert told(found) == told(two(write, *steady()))
    assert [each for each in found.notices if "Left out" in each] == [f"Left out as a slip: 1 row {said}."]


def test_a_count_that_is_none_is_refused_however_few_there_are(write: Write) -> None:
    """Only who does much has numbers with marks of thousands: without them the most active would seem idle."""
    usage, customers = steady(more='c5,log in,2026-01-02,"1,200"')
    usage = "\n".join(
        line if line.count(",") > 2 else f"{line},{'count' if line.startswith('customer') else 1}" for line in usage.splitlines()
    )
    assert refusal(write, usage, customers).startswith("usage.csv: line 1,502: a count that is none: “count” is “1,200” (customer “c5”).")


def test_all_that_is_wrong_with_usage_is_said_at_once(write: Write) -> None:
    usage = USAGE + "Cord,log in,soon,1\nCord,,2026-03-05,1\n,log in,2026-03-05,1\nCord,log in,2026-03-05,much\nBolt,log in,,1\n"
    assert [line.partition(": “")[0] for line in refusal(write, usage).splitlines()] == [
        "usage.csv: 4 things are wrong.",
        "Line 9: no time, or none that is a date",
        "Line 10: a row without an event",
        "Line 11: a row without a customer",
        "Line 12: a count that is none",
    ]


def test_days_outside_all_calendars_are_left_out_of_every_form_of_a_file(tmp_path: Path) -> None:
    usage, customers = steady(more="c5,log in,1970-01-01")
    own = pl.read_csv(customers.encode(), try_parse_dates=True)
    long = pl.read_csv(usage.encode(), try_parse_dates=True).with_columns(pl.col("time").cast(pl.Datetime))
    long = long.with_columns((pl.int_range(len(long)) % 3 + 1).alias("count"))  # alike on all rows of a customer it would be no event
    wide = long.drop("event").rename({"count": "log in"})
    whole, wide_whole = (each.join(own, on="customer", maintain_order="left") for each in (long, wide))
    found = []
    for name, frame in {"long": long, "wide": wide, "all": whole, "all wide": wide_whole}.items():
        for kind in ("csv", "parquet"):
            path, of_customers = tmp_path / f"{name}.{kind}", tmp_path / f"customers.{kind}"
            for each, at in ((frame, path), (own, of_customers)):
                each.write_csv(at) if kind == "csv" else each.write_parquet(at)
            one = read(path, None if "all" in name else of_customers)
            assert outside("1 row", "line 1,502" if kind == "csv" else "row 1,501") in one.notices
            found.append(told(one))
    assert found == [found[0]] * 8


def test_two_mistyped_starts_do_not_say_when_the_files_end(write: Write) -> None:
    usage, customers = steady()
    found = two(write, usage, f"{customers}\nnew,2027-03-01,,\nother,2027-03-02,,")
    assert counted(found) == (DUE, DUE)
    assert found.notices[0].startswith("Not taken for when the files end: 2 days of a start or a renewal, more than 30 days after")


def test_one_row_does_not_say_that_usage_was_tracked_long_before_it_was(write: Write) -> None:
    usage, customers = steady()
    head, *rows = usage.splitlines()
    tracked = [row for row in rows if row.split(",")[2] >= "2025-04-01"]
    found = two(write, "\n".join([head, "c3,log in,2025-01-06", *tracked]), customers)
    assert counted(found) == (DUE, DUE - 90)
    assert found.notices[0] == (
        "Not taken for when usage begins or ends: 1 row of 1 customer, more than 30 days from all others, as in line 2. "
        "It is taken to go from 2025-04-01 to 2026-05-15."
    )


def test_one_customer_who_is_still_to_start_does_not_say_when_the_files_end(write: Write) -> None:
    usage, customers = steady()
    paths = write("usage.csv", usage), write("customers.csv", f"{customers}\nnew,2027-03-01,,")
    by_itself, today = read(*paths), read(*paths, until=TODAY)
    assert counted(by_itself) == counted(today) == (DUE, DUE)
    assert by_itself.notices[:-1] == (
        "Not taken for when the files end: 1 day of a start or a renewal, more than 30 days after all others, as in line 502. They are "
        "taken to end on 2026-05-15.",
    )
    assert today.notices == by_itself.notices[-1:]


@pytest.mark.parametrize("until", [None, TODAY, a_year_ago(900)])
def test_who_is_to_leave_has_not_left_yet(write: Write, until: dt.date | None) -> None:
    """A CRM dates who has given notice at the end of the contract, months ahead; who stays has no day yet."""
    leaves = a_year_ago(450 + 365)
    usage, customers = steady(left=f"{leaves}")
    found = read(write("usage.csv", usage), write("customers.csv", customers), until=until)
    place = found.customers.names.index("c450")
    assert counted(found) == (DUE, DUE)
    assert (found.customers.left[place], found.customers.lived[place]) == (False, 49)
    assert found.notices[0] == (
        "Not counted as having left: 1 customer whose day of leaving is after 2026-05-15, when the files end, as in line 452. On that day "
        "they were still there."
    )


@pytest.mark.parametrize("grace", [1, 30, 366])
def test_days_of_grace_after_the_contract_select_nobody(write: Write, grace: int) -> None:
    """Who renewed is counted from the contract's end on, and so is who did not, whenever the file has the day of leaving."""
    usage, customers = steady()
    renewed = f"c134,{a_year_ago(134)},yes,{a_year_ago(499)}"
    assert renewed in customers
    gone = customers.replace(renewed, f"c134,{a_year_ago(134)},no,{a_year_ago(499 + grace)}")
    found = read(write("usage.csv", usage), write("customers.csv", gone), until=TODAY)
    place = found.customers.names.index("c134")
    assert counted(found) == (DUE, DUE)
    assert (found.customers.left[place], found.customers.is_unknown[place], found.customers.lived[place]) == (True, False, 365 + grace)
    assert found.notices[0] == (
        "Counted as having left: 1 customer whose day of leaving is after 2026-05-15, when the files end, as in line 136, since they did "
        "not renew a contract that was over by then."
    )
    assert not [notice for notice in found.notices if "without a word" in notice]


def test_the_files_end_no_later_than_the_day_on_which_somebody_had_them(write: Write) -> None:
    """A third of the customers starts after it, of whom nobody can know anything; nor of what the others did later."""
    usage, customers = steady()
    found = read(write("usage.csv", usage), write("customers.csv", customers), until=a_year_ago(380))
    assert counted(found) == (16, 16)
    assert found.customers.tracked[:2].tolist() == [381, 380]
    assert found.notices[0] == ("Left out: 378 rows of usage after 2026-01-16, the day on which the files were uploaded, as in line 1,087.")
    assert found.rows == 1_500


def test_files_that_are_all_of_later_days_are_refused(write: Write) -> None:
    usage, customers = steady()
    with pytest.raises(Unreadable) as refused:
        read(write("usage.csv", usage), write("customers.csv", customers), until=a_year_ago(-1))
    assert str(refused.value) == (
        "usage.csv: no row of a customer of the list that is of a day until 2024-12-31, when the files were uploaded. Expected: what they "
        "did until then."
    )


# What is refused.


@pytest.mark.parametrize(
    ("usage", "customers", "message"),
    [
        pytest.param(
            USAGE.replace("customer", "who"),
            CUSTOMERS,
            (
                "usage.csv: no column “customer”. Its columns are “who”, “event”, “time”, “count”. Call “customer” the one with a name or "
                "number, the same on every row of a customer."
            ),
            id="no customer",
        ),
        pytest.param(
            USAGE,
            CUSTOMERS.replace("renewed", "happy"),
            (
                "customers.csv: no column “renewed”. Its columns are “customer”, “start”, “happy”, "
                "“date”, “segment”. Call “renewed” the one with yes, no, or blank while it is not due."
            ),
            id="no renewals",
        ),
        pytest.param(
            USAGE.replace("time", "when"),
            CUSTOMERS,
            (
                "usage.csv: no column “time”. Its columns are “customer”, “event”, “when”, “count”. "
                "Call “time” the one with the day or moment of what was done."
            ),
            id="no time",
        ),
        pytest.param(
            "customer,time,owner\nAcme,2026-01-01,Ann\n",
            CUSTOMERS,
            (
                "usage.csv: no column “event”, and no columns of numbers that could each be an event. "
                "Without a number, and left out: “owner”."
            ),
            id="no event",
        ),
        pytest.param(
            USAGE.replace("count", "n").replace("1\n", "1,2\n").replace(",n", ",n,times"),
            CUSTOMERS,
            "usage.csv: “n” and “times” are both “count”. Keep one.",
            id="two columns for one",
        ),
        pytest.param(
            USAGE,
            CUSTOMERS.replace("Bolt,2026-01-02,no", "Bolt,2026-01-02,maybe"),
            (
                "customers.csv: line 3: neither yes nor no: “renewed” is “maybe” (customer “Bolt”). Expected: yes or renewed, no, churned, "
                "lost or cancelled, or blank or active while not due."
            ),
            id="neither yes nor no",
        ),
        pytest.param(
            USAGE,
            CUSTOMERS.replace("2026-02-01", "in spring"),
            (
                "customers.csv: line 3: no date: “date” is “in spring” (customer “Bolt”). "
                "Expected: year-month-day, from 1990 to 2100, of the renewal or of leaving."
            ),
            id="a date that is none",
        ),
        pytest.param(
            USAGE,
            CUSTOMERS.replace("2026-02-01", "2026-01-01"),
            (
                "customers.csv: line 3: a date before the start: “date” is “2026-01-01” (customer “Bolt”). "
                "Expected: the day of the renewal, or of leaving."
            ),
            id="left before the start",
        ),
        pytest.param(
            USAGE,
            CUSTOMERS.replace("2026-02-01", ""),
            (
                "customers.csv: line 3: a customer who left without a “date”: “date” is blank (customer “Bolt”). "
                "Expected: the day of leaving: who left early could not do much, and has to be told apart from who did little."
            ),
            id="left, nobody knows when",
        ),
        pytest.param(
            USAGE,
            CUSTOMERS + "Acme,2026-01-01,no,2027-01-05,small\n",
            (
                "customers.csv: line 5: rows of one customer say different things: “renewed” is “no”, and “yes” in line 2 "
                "(customer “Acme”). Expected: the same on each."
            ),
            id="renewed and left",
        ),
        pytest.param(
            USAGE,
            CUSTOMERS + ",2026-01-01,no,2027-01-05,small\n",
            "customers.csv: line 5: a row without a customer: “customer” is blank. Expected: its name or number.",
            id="nobody's row",
        ),
        pytest.param(
            USAGE + "Cord,log in,soon,1\n",
            CUSTOMERS,
            (
                "usage.csv: line 9: no time, or none that is a date: “time” is “soon” (customer “Cord”). "
                "Expected: year-month-day, from 1990 to 2100, as 2026-03-01 or 2026-03-01T09:30."
            ),
            id="no time of a row",
        ),
        pytest.param(
            USAGE + "Cord,,2026-03-05,1\n",
            CUSTOMERS,
            "usage.csv: line 9: a row without an event: “event” is blank (customer “Cord”). Expected: the name of what was done.",
            id="no event of a row",
        ),
        pytest.param(
            USAGE + " ,log in,2026-03-05,1\n",
            CUSTOMERS,
            "usage.csv: line 9: a row without a customer: “customer” is blank. Expected: its name or number.",
            id="nobody's usage",
        ),
        pytest.param(
            USAGE.replace("time", "Timestamp").replace("Bolt,log in,2026-01-02", '"Bolt","log in\nand out",'),
            CUSTOMERS,
            (
                "usage.csv: line 7: no time, or none that is a date: “Timestamp” is blank (customer “Bolt”). "
                "Expected: year-month-day, from 1990 to 2100, as 2026-03-01 or 2026-03-01T09:30."
            ),
            id="a column of its own name",
        ),
        pytest.param(
            USAGE.replace("Acme,log in,2026-01-07", '"Acme","log in\n\nand out",2026-01-07') + "Cord,log in,soon,1\n",
            CUSTOMERS,
            (
                "usage.csv: line 11: no time, or none that is a date: “time” is “soon” (customer “Cord”). "
                "Expected: year-month-day, from 1990 to 2100, as 2026-03-01 or 2026-03-01T09:30."
            ),
            id="behind a cell of several lines",
        ),
        pytest.param(
            USAGE,
            CUSTOMERS.replace("Acme,2026-01-01,yes", "Acme,2026-01-01,yes," + "x" * 70 + "\nAcme,2026-01-01,yes").replace(
                "x" * 70 + "\n", "x" * 70 + ",small\n"
            ),
            (
                f"customers.csv: line 2: no date: “date” is “{'x' * 60}…” (customer “Acme”). "
                "Expected: year-month-day, from 1990 to 2100, of the renewal or of leaving."
            ),
            id="a long cell",
        ),
        pytest.param(
            USAGE.replace("Acme,", "Door,").replace("Bolt,", "Exit,").replace("Cord,", "Door,"),
            CUSTOMERS,
            "usage.csv: no row belongs to a customer of the list. The names have to be the same in both.",
            id="strangers alone",
        ),
        pytest.param(
            "", CUSTOMERS, "usage.csv: this is no table of CSV (empty CSV). Expected: a first line of names, then rows.", id="empty"
        ),
        pytest.param(
            USAGE + "Cord,log in,2026-03-05,1,2\n",
            CUSTOMERS,
            "usage.csv: line 9 has 5 cells (customer “Cord”). Expected: 4, as the first line has.",
            id="a cell too many",
        ),
        pytest.param(
            USAGE + "Cord,log in,2026-03-05",
            CUSTOMERS,
            "usage.csv: line 9 has 3 cells (customer “Cord”). Expected: 4, as the first line has.",
            id="a file that breaks off",
        ),
        pytest.param(
            USAGE + "Cord,log in,20",
            CUSTOMERS,
            "usage.csv: line 9 has 3 cells (customer “Cord”). Expected: 4, as the first line has.",
            id="a file that breaks off within a cell",
        ),
        pytest.param(
            USAGE + '"Door, Ltd","log, in",2026-03-05\nCord,log in,2026-03-06,1\n',
            CUSTOMERS,
            "usage.csv: line 9 has 3 cells (customer “Door, Ltd”). Expected: 4, as the first line has.",
            id="a short row with commas in its cells",
        ),
        pytest.param(
            USAGE,
            CUSTOMERS.replace("Bolt,2026-01-02,no,2026-02-01,large", "Bolt,2026-01-02,no,2026-02-01"),
            "customers.csv: line 3 has 4 cells (customer “Bolt”). Expected: 5, as the first line has.",
            id="a customer's short row",
        ),
        pytest.param(
            USAGE.replace("Acme,export,2026-03-31", 'Acme,"export,2026-03-31'),
            CUSTOMERS,
            (
                'usage.csv: line 5 has a quote (") that is not closed, or that stands within a cell. '
                "Expected: quotes around the whole cell or nowhere, and a quote within such a cell written twice."
            ),
            id="a quote that is not closed",
        ),
        pytest.param(
            USAGE.replace("Acme,export,2026-03-31", 'Acme,"export,2026-03-31') + "Acme,export,2026-03-31,1\n" * 20_000,
            CUSTOMERS,
            (
                'usage.csv: line 5 has a quote (") that is not closed, or that stands within a cell. '
                "Expected: quotes around the whole cell or nowhere, and a quote within such a cell written twice."
            ),
            id="one in a file longer than a cell may be by itself",
        ),
        pytest.param(
            USAGE.replace("Acme,export,2026-03-31", 'Acme,24" screen,2026-03-31'),
            CUSTOMERS,
            (
                'usage.csv: line 5 has a quote (") within a cell. '
                "Expected: quotes around the whole cell or nowhere, and a quote within such a cell written twice."
            ),
            id="inches",
        ),
        pytest.param(
            USAGE.replace("2026-01-08,1", "2026-01-08,1" + "0" * 140_000) + "Cord,log in,2026-03-05,1,2\n",
            CUSTOMERS,
            "usage.csv: line 9 has 5 cells (customer “Cord”). Expected: 4, as the first line has.",
            id="a cell too many behind a long cell",
        ),
        pytest.param(
            USAGE.encode() + "Cörd,log in,2026-03-05,1\n".encode("latin-1"),
            CUSTOMERS,
            "usage.csv: line 9 is not in UTF-8. Expected: a CSV file saved as “CSV UTF-8”.",
            id="not UTF-8",
        ),
        pytest.param(
            USAGE,
            CUSTOMERS.replace("Acme", "Äcme").encode("utf-16"),
            "customers.csv: line 1 is not in UTF-8. Expected: a CSV file saved as “CSV UTF-8”.",
            id="UTF-16",
        ),
    ],
)
def test_what_is_wrong_is_named_with_its_place(write: Write, usage: str | bytes, customers: str | bytes, message: str) -> None:
    assert refusal(write, usage, customers) == message


ONE_LINE = (
    "{}: its lines end in a way (CR alone, as in “CSV (Macintosh)”) that makes one line of them all. "
    "Expected: a CSV file saved as “CSV UTF-8”."
)
NO_CUSTOMERS = "{}: no row below the names. Expected: each customer with its start, and whether it renewed."
NOTHING_DONE = (
    "{}: no row in which anything was done. Expected: rows of a customer, a time, and what it did then. Who did nothing can only be told "
    "beside who did something."
)


def by_cr(text: str) -> str:
    """As a spreadsheet on a Mac may save it."""
    return text.replace("\n", "\r")


def names_of(text: str) -> str:
    """A file of which nothing but the first line is left."""
    return text.splitlines()[0] + "\n"


@pytest.mark.parametrize(
    ("usage", "customers", "message"),
    [
        pytest.param(by_cr(USAGE), CUSTOMERS, ONE_LINE.format("usage.csv"), id="usage"),
        pytest.param(USAGE, by_cr(CUSTOMERS), ONE_LINE.format("customers.csv"), id="customers"),
        pytest.param(by_cr(USAGE), by_cr(CUSTOMERS), ONE_LINE.format("usage.csv"), id="both"),
        pytest.param(by_cr(one_file(USAGE, CUSTOMERS)), None, ONE_LINE.format("usage.csv"), id="one file"),
        pytest.param(by_cr(USAGE).ljust(HEADER_BYTES - 1, "x") + "Ä", CUSTOMERS, ONE_LINE.format("usage.csv"), id="more than is looked at"),
    ],
)
def test_lines_that_are_read_as_one_are_refused(write: Write, usage: str, customers: str | None, message: str) -> None:
    assert refusal(write, usage, customers) == message


@pytest.mark.parametrize(
    ("usage", "customers", "message"),
    [
        pytest.param(USAGE, names_of(CUSTOMERS), NO_CUSTOMERS.format("customers.csv"), id="no customers"),
        pytest.param(USAGE, names_of(CUSTOMERS).replace("\n", "\r"), NO_CUSTOMERS.format("customers.csv"), id="none, and the end of a Mac"),
        pytest.param(names_of(one_file(USAGE, CUSTOMERS)), None, NO_CUSTOMERS.format("usage.csv"), id="none in one file"),
        pytest.param(names_of(USAGE), CUSTOMERS, NOTHING_DONE.format("usage.csv"), id="no usage"),
        pytest.param(one_file(names_of(USAGE), CUSTOMERS), None, NOTHING_DONE.format("usage.csv"), id="no usage in one file"),
        pytest.param(names_of(WIDE), CUSTOMERS, NOTHING_DONE.format("usage.csv"), id="no wide usage"),
        pytest.param(
            "customer,time,log in\nAcme,2026-01-01,0\nBolt,2026-01-02,\n", CUSTOMERS, NOTHING_DONE.format("usage.csv"), id="zeros alone"
        ),
    ],
)
def test_files_without_a_customer_or_without_usage_are_refused(write: Write, usage: str, customers: str | None, message: str) -> None:
    assert refusal(write, usage, customers) == message


@pytest.mark.parametrize("count", ["1,234", "1,"])
def test_a_cell_too_many_is_named_where_everything_stands_in_one_file(count: str, tmp_path: Path) -> None:
    head = "customer,start,renewed,date,event,time,count\nAcme,2026-01-02,yes,2027-01-02,log in,2026-01-05,1\n"
    (tmp_path / "all.csv").write_text(f"{head}Bolt,2026-01-02,yes,2027-01-02,log in,2026-01-05,{count}\n")
    with pytest.raises(Unreadable) as refused:
        read(tmp_path / "all.csv")
    assert str(refused.value) == "all.csv: line 3 has 8 cells (customer “Bolt”). Expected: 7, as the first line has."


@pytest.mark.parametrize(
    "start",
    ["01/02/2026", "01-02-2026", "01-02-26", "2026-02-30", "20260201", "45000", "1970-01-01", "1989-12-31", "2101-01-01", "soon", ""],
)
def test_a_start_that_is_no_day_or_may_be_two_is_refused(write: Write, start: str) -> None:
    two_days = (
        f"; “{start}” may be two days, and the column does not tell which of its numbers is the day: write the year first, or export it so"
        if start in ("01/02/2026", "01-02-2026")
        else ""
    )
    assert refusal(write, customers=CUSTOMERS.replace("Bolt,2026-01-02", f"Bolt,{start}")) == (
        f"customers.csv: line 3: no start, or none that is a date: “start” is {f'“{start}”' if start else 'blank'} (customer “Bolt”). "
        f"Expected: year-month-day, from 1990 to 2100, as 2026-03-01{two_days}."
    )


def as_people_write(text: str, form: str) -> str:
    """A file with its days in another form."""
    return re.sub(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", lambda day: dt.date.fromisoformat(day[0]).strftime(form), text)


@pytest.mark.parametrize(
    ("form", "order", "number", "other"),
    [
        pytest.param("%d/%m/%Y", "day/month/year", "first", "second", id="as in Europe"),
        pytest.param("%m/%d/%Y", "month/day/year", "second", "first", id="as in the United States"),
        pytest.param("%d.%m.%Y", "day/month/year", "first", "second", id="dots"),
        pytest.param("%-m/%-d/%Y 9:30 AM", "month/day/year", "second", "first", id="moments, without zeros"),
    ],
)
@pytest.mark.parametrize("is_parquet", [False, True])
def test_days_are_read_in_the_order_that_their_column_tells(
    write: Write, form: str, order: str, number: str, other: str, is_parquet: bool
) -> None:
    more = "Exit,2026-01-20,no,2026-02-21,small\n"
    usage, customers = (
        write(name, as_people_write(text, form)) for name, text in (("usage.csv", USAGE), ("customers.csv", CUSTOMERS + more))
    )
    if is_parquet:
        for path in (usage, customers):
            pl.read_csv(path, infer_schema=False).write_parquet(path.with_suffix(".parquet"))
        usage, customers = usage.with_suffix(".parquet"), customers.with_suffix(".parquet")
    found = read(usage, customers)
    assert told(found) == told(two(write, customers=CUSTOMERS + more))
    assert found.notices[:3] == tuple(
        f"“{column}” was read as {order}: in {cells} the {number} number is above 12, and the {other} in none."
        for column, cells in (("start", "one cell"), ("date", "one cell"), ("time", "one cell"))
    )


def test_a_year_before_slashes_is_no_news(write: Write) -> None:
    found = two(write, as_people_write(USAGE, "%Y/%m/%d"), as_people_write(CUSTOMERS, "%Y/%-m/%-d 00:00"))
    assert (told(found), found.notices) == (told(two(write)), two(write).notices)


def test_days_of_both_orders_in_one_column_are_refused(write: Write) -> None:
    rows = "Door,13/01/2026,,,small\nExit,01/13/2026,,,small\n"
    assert refusal(write, customers=CUSTOMERS + rows).endswith(
        "“13/01/2026” may be two days, and the column does not tell which of its numbers is the day: write the year first, or export it so."
    )


def test_usage_whose_days_may_be_two_is_refused(write: Write) -> None:
    assert refusal(write, "customer,event,time\nAcme,log in,02/02/2026\nAcme,log in,01/02/2026\n") == (
        "usage.csv: line 2: no time, or none that is a date: “time” is “02/02/2026” (customer “Acme”), in 2 rows. Expected: "
        "year-month-day, from 1990 to 2100, as 2026-03-01 or 2026-03-01T09:30; “01/02/2026” may be two days, and the column does not tell "
        "which of its numbers is the day: write the year first, or export it so."
    )


@pytest.mark.parametrize("column", ["start", "date", "time"])
def test_a_day_of_a_year_that_no_calendar_has_is_refused(column: str, tmp_path: Path) -> None:
    row = {"customer": "Acme", "start": FIRST, "renewed": "no", "date": dt.date(2026, 5, 1), "event": "log in", "time": FIRST}
    far = pl.lit(5_000_000, pl.Int32).cast(pl.Date).alias(column)
    pl.DataFrame([row]).with_columns(far).write_parquet(tmp_path / "all.parquet")
    with pytest.raises(Unreadable) as refused:
        read(tmp_path / "all.parquet")
    assert "all.parquet: row 1: no " in str(refused.value)
    assert f"“{column}” is “+15659-07-15” (customer “Acme”). Expected: year-month-day, from 1990 to 2100, " in str(refused.value)


@pytest.mark.parametrize("day", ["1990-01-01", "2100-12-31"])
def test_a_day_of_the_first_or_the_last_year_is_taken(write: Write, day: str) -> None:
    assert (
        two(write, customers=f"{CUSTOMERS}Door,{day},,,small\n").customers.start.tolist().count((dt.date.fromisoformat(day) - EPOCH).days)
        == 1
    )


@pytest.mark.parametrize("count", ["many", "-1", "inf", "nan", "1e30", "0x10"])
@pytest.mark.parametrize("form", [pytest.param(USAGE, id="long"), pytest.param(WIDE, id="wide")])
def test_a_count_that_is_none_is_refused(write: Write, count: str, form: str) -> None:
    usage = form.replace("Bolt,log in,2026-01-02,1", f"Bolt,log in,2026-01-02,{count}").replace(
        "Bolt,2026-01-02,1", f"Bolt,2026-01-02,{count}"
    )
    column, line = ("count", 7) if form == USAGE else ("log in", 7)
    expected = (
        f"usage.csv: line {line}: a count that is none: “{column}” is “{count}” (customer “Bolt”). "
        f"Expected: a number from 0 to {MOST_COUNT:,}."
    )
    assert refusal(write, usage) == expected


def packed(*names: str) -> bytes:
    """A ZIP file of parts with these names."""
    into = BytesIO()
    with zipfile.ZipFile(into, "w") as file:
        for name in names:
            file.writestr(name, USAGE)
    return into.getvalue()


def workbook() -> bytes:
    into = BytesIO()
    with xlsxwriter.Workbook(into) as book:
        book.add_worksheet().write_row(0, 0, ["customer", "event", "time"])
    return into.getvalue()


AS_CSV = "Save the sheet of customers and that of usage each as a CSV file (“CSV UTF-8”), and upload those."


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(workbook(), f"this is an Excel workbook (or one like it), not a CSV file. {AS_CSV}", id="Excel"),
        pytest.param(
            packed("mimetype", "content.xml"), f"this is an Excel workbook (or one like it), not a CSV file. {AS_CSV}", id="OpenDocument"
        ),
        pytest.param(
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512,
            f"this is an Excel workbook of the old kind (.xls), not a CSV file. {AS_CSV}",
            id="old Excel",
        ),
        pytest.param(packed("usage.csv"), "this is a ZIP file. Unpack it, and upload the CSV or Parquet files that are in it.", id="ZIP"),
        pytest.param(
            packed("usage.csv")[:40], "this is a ZIP file. Unpack it, and upload the CSV or Parquet files that are in it.", id="half a ZIP"
        ),
        pytest.param(
            gzip.compress(USAGE.encode()),
            "this is packed with gzip (.gz). Unpack it, and upload the CSV or Parquet file that is in it.",
            id="gzip",
        ),
    ],
)
@pytest.mark.parametrize("is_usage", [True, False])
def test_a_file_of_another_kind_is_named_with_what_to_do(write: Write, content: bytes, said: str, is_usage: bool) -> None:
    if is_usage:
        assert refusal(write, content) == f"usage.csv: {said}"
    else:
        assert refusal(write, customers=content) == f"customers.csv: {said}"


def test_of_many_that_are_wrong_three_are_named(write: Write) -> None:
    rows = "".join(f"customer {number},2026-01-01,perhaps,,\n" for number in range(5))
    message = refusal(write, customers=CUSTOMERS + rows)
    assert message.endswith(f"(customer “customer 0”, “customer 1”, “customer 2” and 2 more), in 5 rows. Expected: {A_RENEWAL}.")


@pytest.mark.parametrize("content", [b"", b"nonsense", b"PAR1" + b"nonsense" * 9 + b"PAR1"])
def test_a_damaged_parquet_file_is_named(write: Write, content: bytes) -> None:
    with pytest.raises(Unreadable, match=r"^usage\.parquet: this is no Parquet file that can be read \("):
        read(write("usage.parquet", content))


def test_a_file_that_begins_as_parquet_is_damaged_parquet_whatever_its_name(write: Write) -> None:
    with pytest.raises(Unreadable, match=r"^upload: this is no Parquet file that can be read \("):
        read(write("upload", b"PAR1" + b"nonsense" * 9))


def test_a_time_of_a_wrong_type_in_parquet_is_refused(tmp_path: Path, write: Write) -> None:
    pl.DataFrame({"customer": ["Acme"], "event": ["log in"], "time": [3.5]}).write_parquet(tmp_path / "usage.parquet")
    with pytest.raises(Unreadable) as refused:
        read(tmp_path / "usage.parquet", write("customers.csv", CUSTOMERS))
    assert str(refused.value) == (
        "usage.parquet: row 1: no time, or none that is a date: “time” is “3.5” (customer “Acme”). "
        "Expected: year-month-day, from 1990 to 2100, as 2026-03-01 or 2026-03-01T09:30."
    )


@pytest.mark.parametrize(
    ("column", "values", "message"),
    [
        ("event", [["log in"]], "the column “event” holds List(String) in each row. Expected: a text or a number."),
        ("time", [{"day": 3}], "the column “time” holds Struct({'day': Int64}) in each row. Expected: a day or a moment."),
        ("count", [dt.timedelta(3)], "the column “count” holds Duration(time_unit='us') in each row. Expected: a number."),
        ("event", [dt.timedelta(3)], "the column “event” holds Duration(time_unit='us') in each row. Expected: a text or a number."),
        ("customer", [b"Acme"], "the column “customer” holds Binary in each row. Expected: a text or a number."),
    ],
)
def test_a_column_of_lists_or_the_like_is_named_with_its_type(
    column: str, values: list[Any], message: str, tmp_path: Path, write: Write
) -> None:
    row: dict[str, Any] = {"customer": ["Acme"], "event": ["log in"], "time": [FIRST]}
    pl.DataFrame(row | {column: values}).write_parquet(tmp_path / "usage.parquet")
    with pytest.raises(Unreadable) as refused:
        read(tmp_path / "usage.parquet", write("customers.csv", CUSTOMERS))
    assert str(refused.value) == f"usage.parquet: {message}"


def test_a_row_of_parquet_is_named_by_its_number(tmp_path: Path, write: Write) -> None:
    rows = {"customer": ["Acme", "Bolt"], "event": ["log in", "log in"], "time": [FIRST, FIRST], "count": [1.0, -2.5]}
    pl.DataFrame(rows).write_parquet(tmp_path / "usage.parquet")
    with pytest.raises(Unreadable) as refused:
        read(tmp_path / "usage.parquet", write("customers.csv", CUSTOMERS))
    assert str(refused.value) == (
        f"usage.parquet: row 2: a count that is none: “count” is “-2.5” (customer “Bolt”). Expected: a number from 0 to {MOST_COUNT:,}."
    )


def test_a_parquet_file_of_any_name_is_known(tmp_path: Path, write: Write) -> None:
    pl.read_csv(USAGE.encode(), try_parse_dates=True).write_parquet(tmp_path / "upload")
    assert told(read(tmp_path / "upload", write("customers.csv", CUSTOMERS))) == told(two(write))


# Every form of the same data comes to the same.

whose = st.tuples(
    st.dates(FIRST, dt.date(2026, 6, 30)), st.sampled_from([True, False, None]), st.integers(0, 400), st.sampled_from(["small", "large"])
)
done = st.tuples(st.integers(0, 5), st.sampled_from(["log in", "export", "invite"]), st.integers(-3, 100), st.integers(1, 9))
zones = st.sampled_from([None, "America/New_York", "Asia/Tokyo"])


@given(st.lists(whose, min_size=1, max_size=5), st.lists(done, min_size=1, max_size=25), zones)
@settings(max_examples=20, deadline=None)
def test_csv_and_parquet_long_and_wide_come_to_the_same(
    given_customers: list[Any], given_rows: list[tuple[int, str, int, int]], zone: str | None
) -> None:
    names = [f"c{number}" for number in range(len(given_customers))]
    customers = pl.DataFrame(
        {
            "customer": names,
            "start": [start for start, *_ in given_customers],
            "renewed": [renewed for _, renewed, *_ in given_customers],
            "date": [None if renewed is None else start + dt.timedelta(days) for start, renewed, days, _ in given_customers],
            "segment": [segment for *_, segment in given_customers],
        },
        schema_overrides={"renewed": pl.Boolean, "date": pl.Date},
    )
    at = [number % len(names) for number, *_ in given_rows]
    times = [
        dt.datetime.combine(given_customers[place][0] + dt.timedelta(day), dt.time(22, 30))
        for place, (_, _, day, _) in zip(at, given_rows, strict=True)
    ]
    long = pl.DataFrame(
        {
            "customer": [names[place] for place in at],
            "event": [row[1] for row in given_rows],
            "time": times,
            "count": [row[3] for row in given_rows],
        }
    ).with_columns(pl.col("time").dt.replace_time_zone(zone))
    wide = long.pivot("event", index=["customer", "time"], values="count", aggregate_function="sum")
    both = long.join(customers, on="customer", how="full", coalesce=True)
    with tempfile.TemporaryDirectory() as folder:
        found = []
        for kind in ("csv", "parquet"):
            for name, frame in {"customers": customers, "long": long, "wide": wide, "both": both}.items():
                path = Path(folder, f"{name}.{kind}")
                if kind == "csv":
                    frame.write_csv(path)
                else:
                    frame.write_parquet(path)
            own = Path(folder, f"customers.{kind}")
            found += [read(Path(folder, f"{form}.{kind}"), own) for form in ("long", "wide")]
            found.append(read(Path(folder, f"both.{kind}")))
    first, *others = [told(each) for each in found]
    assert others == [first] * 5
    assert np.all(np.diff(first["counts"], axis=0) >= 0)
    assert np.all(np.array(first["days"]) <= np.array(WINDOWS)[:, None, None])
