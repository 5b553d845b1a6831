"""An old build beside a new one: what the old stores unread, the new reads."""

from typing import Any

import pytest

from milepost.catalogue import Catalogue, Entry, EventType, Unknown
from milepost.catalogue.declare import entity, may, needs
from milepost.catalogue.kinds import Int, Text
from milepost.catalogue.upcast import Part, Parts, Upcaster

PLANT = "jmcdbcrk1qta9g4n"


def plant(version: int, unit: str, **more: Any) -> EventType:
    return EventType(
        "plant.measured",
        "rhythm",
        "A plant is measured.",
        facts=(entity("plant"), needs(unit, Int(0, 10_000), "how high")),
        private=(may("note", Text(100), "a word about it"),),
        usage="mp plant fern 12",
        example={"plant": PLANT, unit: 12},
        version=version,
        **more,
    )


def to_millimetres(facts: Part | None, private: Part | None) -> Parts:
    if facts is not None:
        centimetres = facts.pop("centimetres")
        if not isinstance(centimetres, int):
            raise TypeError(centimetres)
        facts = {**facts, "millimetres": centimetres * 10}
    return facts, private


STEP = Upcaster("plant.measured", 1, to_millimetres)
BEFORE = Catalogue([])
OLD = Catalogue([plant(1, "centimetres")])
NEW = Catalogue([plant(2, "millimetres")], (STEP,))


def test_a_build_that_does_not_know_the_type_leaves_it_unread():
    encoded = NEW.encode("plant.measured", {"plant": PLANT, "millimetres": 120})

    assert isinstance(BEFORE.decode(*encoded), Unknown)


def test_an_old_build_leaves_a_newer_version_unread():
    encoded = NEW.encode("plant.measured", {"plant": PLANT, "millimetres": 120})

    assert OLD.decode(*encoded) == Unknown("plant.measured", 2, "plant.measured of version 2, this build knows 1")


def test_a_new_build_reads_an_old_version_in_todays_words():
    encoded = OLD.encode("plant.measured", {"plant": PLANT, "centimetres": 12, "note": "fern"})

    entry = NEW.decode(*encoded)

    assert entry == Entry("plant.measured", 2, {"plant": PLANT, "millimetres": 120}, {"note": "fern"}, 1)


def test_an_old_entry_is_read_without_the_parts_that_are_gone():
    assert NEW.decode("plant.measured", 1, None, None) == Entry("plant.measured", 2, None, None, 1)


def test_several_steps_are_taken_in_turn():
    def rename(facts: Part | None, private: Part | None) -> Parts:
        return facts and {"plant": facts["plant"], "height": facts["millimetres"]}, private

    newest = Catalogue([plant(3, "height")], (Upcaster("plant.measured", 2, rename), STEP))
    entry = newest.decode(*OLD.encode("plant.measured", {"plant": PLANT, "centimetres": 12}))

    assert entry == Entry("plant.measured", 3, {"plant": PLANT, "height": 120}, None, 1)


def test_a_missing_step_leaves_the_entry_unread():
    gap = Catalogue([plant(3, "height")], (STEP,))
    entry = gap.decode(*OLD.encode("plant.measured", {"plant": PLANT, "centimetres": 12}))

    assert entry == Unknown("plant.measured", 1, "nothing brings plant.measured from version 2 to 3")


@pytest.mark.parametrize("facts", [b"{}", b'{"centimetres":"12"}', b'{"centimetres":null}'])
def test_old_facts_of_the_wrong_shape_are_unread_and_raise_nothing(facts: bytes):
    entry = NEW.decode("plant.measured", 1, facts, None)

    assert entry == Unknown("plant.measured", 1, "plant.measured of version 1 could not be brought to 2")


def test_an_old_sealed_entry_is_read_in_todays_words():
    def louder(facts: Part | None, private: Part | None) -> Parts:
        return facts, private and {"words": str(private["word"]).upper()}

    old, new = (
        Catalogue([EventType("wish.made", "-", "A wish.", private=(field,), usage="mp", example={}, version=n)], steps)
        for n, field, steps in (
            (1, needs("word", Text(9), "w"), ()),
            (2, needs("words", Text(9), "w"), (Upcaster("wish.made", 1, louder),)),
        )
    )

    assert new.decode(*old.encode("wish.made", {"word": "rain"})) == Entry("wish.made", 2, None, {"words": "RAIN"}, 1)


def test_the_shipped_upcasters_lead_to_versions_that_exist():
    from milepost import catalogue
    from milepost.catalogue.upcast import UPCASTERS

    versions = {declared.name: declared.version for declared in catalogue.types()}
    steps = {(step.type, step.from_version) for step in UPCASTERS}

    assert steps == {(name, number) for name, version in versions.items() for number in range(1, version)}
