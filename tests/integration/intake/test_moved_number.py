"""Who gives up a number gives it up: nothing is sent there any more."""

from collections.abc import Mapping

from hub.contract import Person
from hub.rows import Listening
from tests.integration.intake.meta import post, webhook
from tests.journey.city import BUDI, City

HOLE = "Ada lubang besar di Jalan Merdeka depan pasar, sudah banyak yang jatuh."
OLD, NEW = "628110000001", "628110000002"


async def citizen(city: City) -> int:
    person = Person(
        aliases=("user:ID.1", f"phone:{OLD}"),
        address={"user_id": "ID.1", "phone": OLD},
        name="Suharti Rekaan",
    )
    async with city.hub.database.begin() as work:
        return await work.people.know("whatsapp", person, at=city.clock(), heard_at=None)


async def renamed(
    city: City, new: str, address: Mapping[str, str], *, replaces: bool = True
) -> int | None:
    async with city.hub.database.begin() as work:
        return await work.people.rename(
            "whatsapp", known="user:ID.1", new=new, address=address, replaces=replaces
        )


async def listening(city: City, person_id: int) -> Listening:
    async with city.hub.database.begin() as work:
        return await work.people.listening(person_id)


async def test_an_identity_that_is_replaced_without_a_number_forgets_the_old_number(
    city: City,
) -> None:
    person_id = await citizen(city)
    assert await renamed(city, "user:ID.2", {"user_id": "ID.2"}) == person_id
    found = await listening(city, person_id)
    assert found.address == {"user_id": "ID.2"}
    assert found.name == "Suharti Rekaan", "the number was given up, not the name"


async def test_an_identity_that_is_replaced_with_a_number_has_only_the_new_one(
    city: City,
) -> None:
    person_id = await citizen(city)
    await renamed(city, "user:ID.2", {"user_id": "ID.2", "phone": NEW})
    assert (await listening(city, person_id)).address == {"user_id": "ID.2", "phone": NEW}


async def test_a_number_that_is_only_added_takes_nothing_away(city: City) -> None:
    person_id = await citizen(city)
    await renamed(city, f"phone:{NEW}", {"phone": NEW}, replaces=False)
    assert (await listening(city, person_id)).address == {"user_id": "ID.1", "phone": NEW}


async def test_after_a_new_user_id_no_message_goes_to_the_number_known_before(
    city: City,
) -> None:
    await city.says(HOLE)
    await city.falls_silent()
    assert len(city.heard()) == 1
    person = city.world.whatsapp.citizens.named(BUDI)
    number = city.happened("filed")[0]["external_id"]
    moved = {"user_id": {"previous": person.user_id, "current": "ID.77"}}
    update = {**moved, "timestamp": str(int(city.clock().timestamp()))}
    body = webhook(field="user_id_update", user_id_update=[update])
    assert await post(city.hub, body) == 200
    await city.reads()
    await city.officer("verify", number)
    assert len(city.heard()) == 1, "the number may be somebody else's by now"
