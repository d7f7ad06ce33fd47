"""What is never shown in full."""

LONGEST_SHOWN = 24


def shortened(external_id: str | None) -> str | None:
    """Cut a long id down to its end.

    Ids people handle are short (9200001). Long ones are a machine's, and in a chat channel
    such an id can be decoded to the citizen's phone number.
    """
    if external_id is None or len(external_id) <= LONGEST_SHOWN:
        return external_id
    return f"…{external_id[-8:]}"
