"""Two gists side by side: who said it, through which channel, and whether one quotes the other."""

from hub.domain.matching.facts import Facts
from hub.domain.matching.gist import Gist
from hub.domain.matching.known import Knowledge
from hub.domain.matching.photos import same_photo
from hub.domain.matching.where import are_alike


def compare_people(early: Gist, late: Gist, known: Knowledge) -> Facts:
    """The reporter, a quoted number, names, photos, channels, and whether it is one person's case."""
    facts: Facts = {}
    if early.person and late.person:
        facts["person_same" if early.person == late.person else "person_other"] = 1.0
    if late.quoted & {early.number, *early.tickets}:
        facts["quoted"] = 1.0
    if early.names and late.names:
        facts["name_same" if are_alike(early.names, late.names) else "name_other"] = 1.0
    if same_photo(early.photos, late.photos):
        facts["photo_same"] = 1.0
    if early.channel != late.channel:
        facts["channel_other"] = 1.0
    topics = [topic for one in (early, late) if (topic := known.topic_of(one))]
    if topics and all(topic.person for topic in topics):
        facts["one_persons_case"] = 1.0
    return facts
