"""The names that one account gives to what it imports: the bytes of docs/reference/sealing.md."""

import hmac
from datetime import date
from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from milepost.ids import base32, from_base32
from milepost.keys import derive
from milepost_client.imports.origins import Origins
from milepost_client.imports.wanted import Thing

USER_KEY = bytes(range(32))
IMPORT_KEY = derive(USER_KEY, b"milepost/import/1\0", 32)
DAY = date(2026, 3, 2)
VALUES = st.dictionaries(st.sampled_from(["minutes", "note", "text"]), st.integers(0, 3) | st.text(max_size=3))


def mac(text: bytes) -> bytes:
    return hmac.new(IMPORT_KEY, text, sha256).digest()


def test_a_thing_is_named_by_its_kind_and_its_name():
    named = Origins(USER_KEY).thing(Thing("skill", ("pr\u00e4sentation",)))
    assert named == base32(mac(rb'["thing","skill",["pr\u00e4sentation"]]')[:10])


def test_an_entry_is_named_by_its_day_and_by_all_it_says_but_what_it_hangs_off():
    values = {"note": "SQL", "minutes": 25, "ref": ["k7f"]}
    named = Origins(USER_KEY).entry("time.spent", DAY, values, 1)
    said = mac(b'["entry","time.spent",20514,[["minutes",25],["note","SQL"]],1]')[:10]
    assert from_base32(named, 16) == (20514 * 86_400_000).to_bytes(6, "big") + said


def test_an_entry_of_no_day_is_named_alike_on_any_day():
    named = from_base32(Origins(USER_KEY).entry("skill.rated", None, {"rating": 3}, 0), 16)
    assert named == bytes(6) + mac(b'["entry","skill.rated",null,[["rating",3]],0]')[:10]


@given(one=VALUES, other=VALUES, numbers=st.tuples(st.integers(0, 2), st.integers(0, 2)))
def test_entries_have_one_name_only_if_they_say_the_same(one, other, numbers):
    origins = Origins(USER_KEY)
    names = [origins.entry("time.spent", DAY, *said) for said in zip((one, other), numbers, strict=True)]
    assert (names[0] == names[1]) == (one == other and numbers[0] == numbers[1])


def test_another_account_gives_other_names():
    thing = Thing("contact", ("dana r.",))
    assert Origins(USER_KEY).thing(thing) != Origins(bytes(32)).thing(thing)
