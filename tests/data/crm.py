"""Two raw exports of a CRM, made up: accounts and opportunities, as objects and as reports."""

from __future__ import annotations

import csv
import random
from pathlib import Path

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
STAGES = ("Closed Won", "Closed Won", "Closed Won", "Closed Lost", "Negotiation/Review", "Prospecting")


def long_id(short: str) -> str:
    """The 18-character form of a 15-character id: three letters that tell which of its letters are capitals."""
    groups = (short[start : start + 5] for start in (0, 5, 10))
    return short + "".join(ALPHABET[sum(letter.isupper() << place for place, letter in enumerate(group))] for group in groups)


def crm(
    folder: Path, *, partners: int = 40, customers: int = 200, months: int = 30, link: str | None = "Fulfilled_By__c", seed: int = 7
) -> None:
    """Write Account.csv and Opportunity.csv under API names, ids in both forms; `link` is the header of the partner, if there is one."""
    chance = random.Random(seed)
    partner_ids = [f"0015g00000P{number:04x}" for number in range(partners)]
    customer_ids = [f"0015g00000C{number:04x}" for number in range(customers)]
    accounts = [
        (
            long_id(short),
            f"Reseller {number}",
            "Channel Partner / Reseller",
            "DE",
            f"{10115 + number}",
            f"2022-0{1 + number % 9}-15T08:00:00.000Z",
        )
        for number, short in enumerate(partner_ids)
    ]
    accounts += [(long_id(short), f"Customer {number}", "Customer - Channel", "DE", "", "") for number, short in enumerate(customer_ids)]
    head = [
        "Id",
        "IsDeleted",
        "Name",
        "AccountId",
        "StageName",
        "Amount",
        "CloseDate",
        "CreatedDate",
        "IsClosed",
        "IsWon",
        "Type",
        "OwnerId",
    ]
    rows = []
    for number in range(partners * months):
        stage = chance.choice(STAGES)
        closed = stage.startswith("Closed")
        month, year = 1 + number % 12, 2023 + (number // partners) // 12
        day = f"{year}-{1 + (number // partners) % 12:02d}-{1 + chance.randrange(27):02d}" if closed else f"2027-{month:02d}-01"
        partner = chance.choice(partner_ids[: 1 + number % partners]) if chance.random() < 0.9 else ""
        row = [
            long_id(f"0065g00000O{number:04x}"),
            "false",
            f"Deal {number}",
            chance.choice(customer_ids),
            stage,
            f"{chance.lognormvariate(9, 1):.2f}",
        ]
        row += [day, "2023-01-01T08:00:00.000Z", str(closed).lower(), str(stage == "Closed Won").lower(), "New Business", "0055g000001"]
        rows.append([*row, partner] if link else row)
    _write(folder / "Account.csv", ["Id", "Name", "Type", "BillingCountry", "BillingPostalCode", "CreatedDate"], accounts)
    _write(folder / "Opportunity.csv", [*head, link] if link else head, rows)


def _write(path: Path, head: list[str], rows: list[list[str]] | list[tuple[str, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, quoting=csv.QUOTE_ALL)
        writer.writerow(head)
        writer.writerows(rows)
