"""Correcting who is reached about open cases: by the person, at once."""

from dataclasses import dataclass
from datetime import datetime

from bot.privacy.requests import open_cases
from bot.storage import case_events, personal
from bot.storage.case_events import Event
from bot.storage.cases import Case
from bot.storage.database import Transaction
from knowledge.vietnamese import fold

CORRECTED = "sua_lien_he"


@dataclass(frozen=True, slots=True)
class Contact:
    """What is right from now on; what is empty stays as it is."""

    name: str = ""
    phone: str = ""
    address: str = ""


async def correctable(transaction: Transaction, person: int) -> list[Case]:
    """Return the open cases that carry a name or a number; one sent without stays so."""
    return [c for c in await open_cases(transaction, person) if c.reporter_name or c.reporter_phone]


async def correct(transaction: Transaction, person: int, contact: Contact, *, now: datetime) -> list[Case]:
    """Put right the name, number and address on a person's open cases; return these cases as they were."""
    found = await correctable(transaction, person)
    for case in found:
        name, phone = contact.name or case.reporter_name, contact.phone or case.reporter_phone
        values = {
            "reporter_name": name,
            "reporter_phone": phone,
            "reporter_address": contact.address or case.reporter_address,
            "folded": fold(" ".join((case.code, case.text, case.thon, case.landmark, name, phone))),
        }
        await personal.rewrite(transaction, case, values)
        await case_events.add(transaction, case.id, Event(CORRECTED, "citizen", now, shown=True))
    return found
