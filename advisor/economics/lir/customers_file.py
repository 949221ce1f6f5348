"""The customers of a file: whose contract is how long, whether it was renewed, and up to which day that is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from advisor.economics.lir.candidates import LEAST_RENEWALS, UNLIKE, WINDOWS, Customers, customers_by
from advisor.economics.lir.cells import ROW, File, day_in, expected_day, is_blank_in, number_in
from advisor.economics.lir.days import FAR_DAYS, Ends, Span, are_few, span_of
from advisor.economics.lir.faults import Fault, as_day, nobodys, so_many, without_few_wrong
from advisor.economics.lir.files import Unreadable, collected, place_of_row

if TYPE_CHECKING:
    import polars as pl

# What a cell of “renewed” may say: only what is sure. An expired contract may have been renewed, and a deal that was won may be the first.
YES = ("yes", "true", "1", "1.0", "y", "t", "renewed", "retained")  # 1.0 is how a column of numbers with blanks is written
NO = (
    *("no", "false", "0", "0.0", "n", "f", "not renewed", "non-renewed", "did not renew", "churned", "churn", "lost", "left"),
    *("cancelled", "canceled", "terminated"),
)
RUNNING = ("active", "current", "live", "pending", "not due", "not yet due")  # as a blank cell, while the contract runs
A_RENEWAL = "yes or renewed, no, churned, lost or cancelled, or blank or active while not due"
CONTRACT_DAYS = 365  # of a contract of which nothing says how long it is
USUAL_DAYS = (30, 91, 182, 365, 730, 1_095)  # of contracts; renewals are signed days before they end, or after
NEAR_USUAL = 0.1  # ours: so near to a usual length it is that
EARLY_SIGNED = 0.05  # ours: of the renewals, so many may be signed within a window; more would let it tell what came of them
MOST_CONTRACT_DAYS = 3_660
MOST_SEGMENTS = 50  # with more there is nobody left to compare within one


def as_customers(table: pl.DataFrame, usage: Span, until: int | None, file: File) -> tuple[Customers, list[str]]:
    """The customers of a table, and who of them cannot be counted.

    Args:
        table: Of `customers_in`.
        usage: From when to when there is usage.
        until: The day on which somebody had the files.
        file: Where the customers stand.
    """
    segments = tuple(sorted(table["segment"].unique().to_list()))
    number = {name: index for index, name in enumerate(segments)}
    start, date_day = table["start_day"].to_numpy().astype(np.int64), table["date_day"]
    said, is_dated = table["renewed"].is_not_null().to_numpy(), date_day.is_not_null().to_numpy()
    dated = date_day.fill_null(0).to_numpy().astype(np.int64)
    renewed = table["renewed"].fill_null(value=False).to_numpy()
    of_renewals = np.flatnonzero(renewed & is_dated)
    whose = np.concatenate([np.arange(len(start)), of_renewals])
    last, is_far = _last(np.concatenate([start, dated[of_renewals]]), whose, usage.last, until)
    contract, notices = _contracts(table)
    is_over = start + contract <= last
    is_active = is_over & table["is_active"].to_numpy()
    if is_active.any():
        notices.append(_active_beyond(is_active, table["customer"].to_list(), last, file))
    leaves_later = said & ~renewed & (dated > last)
    is_later, has_grace = leaves_later & ~is_over, leaves_later & is_over  # of whose contract is over, who stays is known as well
    known = said & ~is_later
    signed = np.where(is_dated & known & renewed & is_over, dated - start, -1)
    unsigned, early = _unsigned(contract, signed)
    found = customers_by(
        tuple(table["customer"].to_list()),
        start,
        known,
        renewed,
        np.where(is_dated, dated, start + contract),
        contract,
        unsigned,
        np.array([number[name] for name in table["segment"].to_list()], dtype=np.int64),
        segments,
        last=last,
        usage=(usage.first, usage.last),
        are_signings_known=bool((signed >= 0).sum() >= LEAST_RENEWALS),
    )
    if is_far.any():
        notices.append(
            f"Not taken for when the files end: {so_many(int(is_far.sum()), 'day')} of a start or a renewal, more than {FAR_DAYS} days "
            f"after all others, as in {_place_of(file, found.names[int(whose[is_far.argmax()])])}. They are taken to end on {as_day(last)}."
        )
    if is_later.any():
        notices.append(
            f"Not counted as having left: {so_many(int(is_later.sum()), 'customer')} whose day of leaving is after {as_day(last)}, when "
            f"the files end, as in {_place_of(file, found.names[int(is_later.argmax())])}. On that day they were still there."
        )
    if has_grace.any():
        notices.append(
            f"Counted as having left: {so_many(int(has_grace.sum()), 'customer')} whose day of leaving is after {as_day(last)}, when the "
            f"files end, as in {_place_of(file, found.names[int(has_grace.argmax())])}, since they did not renew a contract that was over "
            "by then."
        )
    return found, [*notices, *early, *_not_counted(found, known, last, (usage.first, usage.last))]


def _active_beyond(is_active: NDArray[np.bool_], names: list[str], last: int, file: File) -> str:
    """That few customers are active whose contract was over; raises Unreadable where they are not few: only who left would be known.

    Args:
        is_active: Who is, of the customers.
        names: All of them.
        last: The day that the files end.
        file: Where they stand.
    """
    number = int(is_active.sum())
    place = _place_of(file, names[int(is_active.argmax())])
    said = (
        f"{so_many(number, 'customer')} “active” in “{file.names['renewed']}” whose contract was over on {as_day(last)}, when the files "
        f"end, as in {place}"
    )
    if are_few(np.array(number), len(names), np.array(number), len(names)):
        return f"Not taken to have renewed: {said}."
    raise Unreadable(
        f"{file.path.name}: {said}: that does not say whether they renewed. Expected: renewed (or yes) of who did, and active only while "
        "the first contract runs."
    )


def _last(days: NDArray[np.int64], whose: NDArray[np.int64], last_usage: int, until: int | None) -> tuple[int, NDArray[np.bool_]]:
    """The day that the files end, and which days of customers are too far from the rest to say so.

    Args:
        days: On which customers started or renewed. Who leaves may have a day that is still to come, long before anybody who stays has.
        whose: Number of the customer of each day.
        last_usage: The last day of usage.
        until: The day on which somebody had the files, after which none of it can have happened.
    """
    has_come = np.ones(len(days), dtype=bool) if until is None else days <= until
    last = last_usage
    if has_come.any():
        come, customers = days[has_come], int(whose.max()) + 1
        first_day, last_day = np.full(customers, come.max()), np.full(customers, come.min())
        np.minimum.at(first_day, whose[has_come], come)
        np.maximum.at(last_day, whose[has_come], come)
        has_any = np.bincount(whose[has_come], minlength=customers) > 0
        ends = Ends(first_day[has_any], last_day[has_any])
        last = max(last_usage, span_of(*np.unique(come, return_counts=True), ends).last)
    return last, has_come & (days > last)


def _place_of(file: File, customer: str) -> str:
    """Where a customer's first row stands."""
    import polars as pl

    whose = pl.col("customer").cast(pl.String).str.strip_chars() == customer
    [found] = collected([file.frame.with_row_index(ROW).filter(whose).select(pl.col(ROW).min())], file.path)
    return place_of_row(file.path, found.item())


def _contracts(table: pl.DataFrame) -> tuple[NDArray[np.int64], list[str]]:
    """Days of each customer's first contract, its own where the file says them; notices."""
    import polars as pl

    own = table["contract_days"]
    most, notices = _where_blank(table) if own.null_count() else (CONTRACT_DAYS, [])
    undated = table.filter(pl.col("renewed") & pl.col("date_day").is_null()).height
    if undated:
        notices.append(f"Taken to have come when the contract ended: {so_many(undated, 'renewal')} without a date.")
    contract = own.fill_null(most).to_numpy().astype(np.int64)
    short, long = (int(np.quantile(contract, part, method="nearest")) for part in (0.1, 0.9)) if len(contract) else (most, most)
    if long - short > UNLIKE * long:
        notices.append(
            f"Contracts are of {short:,} to {long:,} days (eight of ten). Renewals are compared as they came, whatever the contract; a "
            "segment for each length keeps them apart."
        )
    return contract, notices


def _where_blank(table: pl.DataFrame) -> tuple[int, list[str]]:
    """Days of the contracts of which the file says none, of which there are some; notices.

    As many as those customers had until they renewed, where enough of them have a date; else as are given most often, of several as often
    the longest (ours: by it nobody is due too soon); else a year.
    """
    import polars as pl

    is_blank, given = pl.col("contract_days").is_null(), table["contract_days"].drop_nulls().to_numpy().astype(np.int64)
    dated = table.filter(is_blank & pl.col("renewed") & pl.col("date_day").is_not_null())
    if len(dated) < LEAST_RENEWALS:
        blank = so_many(len(table) - len(given), "customer")
        if not len(given):
            return CONTRACT_DAYS, [
                f"Taken to have contracts of {CONTRACT_DAYS} days: {blank}, since no length is given, and fewer than {LEAST_RENEWALS} "
                "renewals have a date to tell it by. Where contracts are of other lengths, give that of each in a column “contract_days”."
            ]
        lengths, times = np.unique(given, return_counts=True)
        often = lengths[times == times.max()]
        which = "the length given most often" if len(often) == 1 else "the longest of the lengths given most often"
        return int(often.max()), [
            f"Taken to have contracts of {often.max():,} days: {blank} without a length. It is {which} ({times.max():,} of "
            f"{so_many(len(given), 'other')}); of those without one fewer than {LEAST_RENEWALS} renewals have a date to tell it by."
        ]
    after = (dated["date_day"] - dated["start_day"]).to_numpy()
    most = max(_usual(int(np.quantile(after, 0.5, method="lower"))), 1)
    soon, late = (int(np.quantile(after, part, method="lower")) for part in (0.1, 0.9))
    if max(abs(soon - most), abs(late - most)) <= UNLIKE * most:
        return most, []
    whose, each = ("Where no length is given, renewals", "each such") if len(given) else ("Renewals", "each")
    return most, [
        f"{whose} came {soon:,} to {late:,} days after the start (eight of ten), yet {each} contract is taken to be of {most:,} days. "
        "Where contracts differ, give the length of each in a column “contract_days”."
    ]


def _unsigned(contract: NDArray[np.int64], signed: NDArray[np.int64]) -> tuple[NDArray[np.int64], list[str]]:
    """Of how many days of each customer's contract nearly all renewals were still to be signed; which windows are therefore not searched.

    It is one share for all contracts of a length, since by the customer it would tell who renews. Where too few renewals of it are dated it
    is that of all contracts, and where too few of all are, the whole contract.

    Args:
        contract: Days of each first contract.
        signed: After how many days its renewal was signed, of those that were over when the files end; -1 where nobody knows.
    """
    share, lengths = signed / contract, np.array([_usual(int(days)) for days in np.unique(contract)])
    length = lengths[np.searchsorted(np.unique(contract), contract)]
    of_all = _unsigned_share(share[signed >= 0], 1.0)
    unsigned, notices = contract.copy(), []
    for days in np.unique(length).tolist():
        of = length == days
        # By so little a product of fractions may be below the number of days that it stands for.
        unsigned[of] = np.floor(contract[of] * _unsigned_share(share[of & (signed >= 0)], of_all) + 1e-6).astype(np.int64)
        shortest, longest = int(unsigned[of].max()), int(contract[of].max())
        if any(shortest < window <= longest for window in WINDOWS):
            notices.append(
                f"Of contracts of {days:,} days, no window that ends later than {shortest:,} days after the start is searched: one renewal "
                "in 20 or more was signed by then, and what a customer does as it signs would seem to have led to it."
            )
    return unsigned, notices


def _unsigned_share(shares: NDArray[np.float64], otherwise: float) -> float:
    """For which share of their contracts nearly all renewals were still to be signed; `otherwise` where they are too few to tell."""
    if len(shares) < LEAST_RENEWALS:
        return otherwise
    return min(float(np.quantile(shares, EARLY_SIGNED, method="lower")), 1.0)


def _usual(days: int) -> int:
    """The usual length of a contract that such a length is near to, else itself."""
    return next((usual for usual in USUAL_DAYS if abs(days - usual) <= NEAR_USUAL * usual), days)


def _not_counted(customers: Customers, known: NDArray[np.bool_], last: int, usage: tuple[int, int]) -> list[str]:
    """How many customers are not counted, and why."""
    notices = []
    is_over = customers.start + customers.contract <= last
    running, silent = int((~is_over & known).sum()), int((is_over & ~known).sum())
    if (~is_over).any():
        already = f" Among them {running:,} who left or renewed already: who of the others will is not known yet." if running else ""
        notices.append(
            f"Not due, and not counted: {so_many(int((~is_over).sum()), 'customer')} whose contract was not over on {as_day(last)}, when "
            f"the files end.{already}"
        )
    if silent:
        notices.append(
            f"Not counted: {so_many(silent, 'customer')} whose contract was over on {as_day(last)}, when the files end, without a word on "
            "whether they renewed."
        )
    first_day, last_day = usage
    before = int((customers.is_due & (customers.tracked == 0) & (customers.start < first_day)).sum())
    beyond = int((customers.is_due & (customers.start >= first_day) & (customers.tracked < WINDOWS[-1])).sum())
    if before:
        notices.append(
            f"Not counted: {so_many(before, 'customer')} due, but with a start before the first day of usage, {as_day(first_day)}: what "
            "they did at first is not known."
        )
    if beyond:
        notices.append(
            f"Left out of each window that goes on after the last day of usage, {as_day(last_day)}: {so_many(beyond, 'customer')} due, "
            f"whose first {WINDOWS[-1]} days do."
        )
    return notices


def customers_in(file: File) -> tuple[pl.DataFrame, list[str], int]:
    """One row a customer: customer, start_day, renewed, date_day, segment, contract_days; the oldest first; notices; segments left out."""
    import polars as pl

    frame = file.frame
    names = frame.collect_schema().names()
    renewed = pl.col("renewed").cast(pl.String).str.strip_chars().str.to_lowercase()
    told = (
        pl.col("customer").cast(pl.String).str.strip_chars().alias("customer"),
        day_in(file, "start").alias("start_day"),
        pl.when(renewed.is_in(YES)).then(True).when(renewed.is_in(NO)).then(False).alias("renewed"),
        renewed.is_in(RUNNING).fill_null(value=False).alias("is_active"),
        (~is_blank_in(frame, "renewed") & ~renewed.is_in([*YES, *NO, *RUNNING])).alias("strange"),
        (day_in(file, "date") if "date" in names else pl.lit(None, pl.Int64)).alias("date_day"),
        (~is_blank_in(frame, "date") & day_in(file, "date").is_null() if "date" in names else pl.lit(False)).alias("strange_date"),
        (pl.col("segment").cast(pl.String).str.strip_chars().fill_null("") if "segment" in names else pl.lit("")).alias("segment"),
        (number_in(file, "contract_days") if "contract_days" in names else pl.lit(None, pl.Float64)).alias("contract_days"),
    )
    [table] = collected([frame.select(told).unique()], file.path)
    faults = (
        nobodys(),
        Fault("renewed", "neither yes nor no", A_RENEWAL, pl.col("strange")),
        Fault("start", "no start, or none that is a date", expected_day(file, "start", "as 2026-03-01"), pl.col("start_day").is_null()),
        Fault("date", "no date", expected_day(file, "date", "of the renewal or of leaving"), pl.col("strange_date")),
        Fault("date", "a date before the start", "the day of the renewal, or of leaving", pl.col("date_day") < pl.col("start_day")),
        Fault(
            "date",
            "a customer who left without a “date”",
            "the day of leaving: who left early could not do much, and has to be told apart from who did little",
            ~pl.col("renewed") & pl.col("date_day").is_null() & ~pl.col("strange_date"),
        ),
        Fault(
            "contract_days",
            "no length of a contract",
            f"its days, a number from 1 to {MOST_CONTRACT_DAYS:,}, or blank where it is not known",
            ~pl.col("contract_days").is_between(1, MOST_CONTRACT_DAYS),  # NaN is not
        ),
    )
    table, notices = without_few_wrong(file, table, frame.with_row_index(ROW).select(ROW, *told), faults)
    segments, left_out = table["segment"].n_unique(), 0
    if segments > MOST_SEGMENTS:
        left_out = segments
        table = table.with_columns(pl.lit("").alias("segment"))
        notices.append(
            f"“segment” has {segments:,} values, more than {MOST_SEGMENTS}, and was left out: too few customers are alike in it."
        )
    return table.with_columns(pl.col("contract_days").round()).sort("start_day", "customer"), notices, left_out
