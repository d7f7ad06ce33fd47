"""What a row of the log is made of, in our names; mappings/call112/*.toml says which column holds it."""

from typing import TypedDict

TICKET = "ticket"
TIME = "time"
TYPE = "type"
CATEGORY = "category"
SUB_CATEGORY = "sub_category"
SUB_CATEGORY_2 = "sub_category_2"
PHONE = "phone"
LOCATION = "location"
VILLAGE = "village"
DISTRICT = "district"
POINT = "point"
TEXT = "text"
AGENCY = "agency"
STATUS = "status"
DONE = "done"
APPROVE = "approve"
NOTE = "note"
REPORTER = "reporter"

# Of the exchange: https://docs.asterisk.org/Configuration/Reporting/Call-Detail-Records-CDR/
START = "start"
DURATION = "duration"
BILLSEC = "billsec"
DISPOSITION = "disposition"
APPLICATION = "application"
UNIQUE_ID = "unique_id"
LINKED_ID = "linked_id"

FIELDS = frozenset(
    {
        TICKET,
        TIME,
        TYPE,
        CATEGORY,
        SUB_CATEGORY,
        SUB_CATEGORY_2,
        PHONE,
        LOCATION,
        VILLAGE,
        DISTRICT,
        POINT,
        TEXT,
        AGENCY,
        STATUS,
        DONE,
        APPROVE,
        NOTE,
        REPORTER,
        START,
        DURATION,
        BILLSEC,
        DISPOSITION,
        APPLICATION,
        UNIQUE_ID,
        LINKED_ID,
    }
)


class Body(TypedDict, total=False):
    """What is kept of a row until it is read: the columns its profile names, under their own headers.

    `call`: what the call is known by, where that is not among them.
    """

    profile: str
    row: dict[str, str]
    file: str
    number: int | str
    seen: str
    call: str
