from hypothesis import given
from hypothesis import strategies as st

from milepost.event import PRIVATE_BYTES_MAX, Event, Part
from milepost.sealing import BUCKET_BYTES_MIN, KID_BYTES, TAG_BYTES, UserKey, bucket, kid_in, seal, unseal
from tests.support.authors import Author, drawn, identity
from tests.support.drawn_events import bytes32

SERVER_TAKES_BYTES = 48 * 1024
KEY = UserKey.of(drawn(32, "user key"))
# What the append path writes: compact UTF-8 JSON objects.
texts = st.binary(max_size=600).map(lambda raw: b'{"text":"' + raw + b'"}')


def sealed_event(text: bytes, key: UserKey = KEY) -> Event:
    event = Author(identity()).write(private=text)
    assert event.private is not None
    return event._replace(private=None, sealed=seal(key, event.hash, event.private))


@given(texts, bytes32)
def test_any_text_comes_back_with_its_salt(text, key):
    event = Author(identity()).write(private=text)
    user_key = UserKey.of(key)
    assert event.private is not None
    sealed = event._replace(private=None, sealed=seal(user_key, event.hash, event.private))
    assert unseal({user_key.kid: user_key.key}, sealed) == event.private


@given(texts)
def test_sealing_twice_always_gives_the_same_bytes(text):
    assert sealed_event(text) == sealed_event(text)


@given(st.integers(0, PRIVATE_BYTES_MAX))
def test_any_sealed_size_is_a_bucket_that_tells_little(size):
    sealed = seal(KEY, bytes(32), Part(bytes(16), b"x" * size))
    padded = len(sealed) - KID_BYTES - TAG_BYTES
    assert padded == bucket(16 + size)
    assert padded % BUCKET_BYTES_MIN == 0
    assert (padded // BUCKET_BYTES_MIN).bit_count() == 1
    assert 16 + size <= padded < max(2 * (16 + size), BUCKET_BYTES_MIN + 1)


def test_the_largest_private_part_seals_below_what_every_server_takes():
    sealed = seal(KEY, bytes(32), Part(bytes(16), b"x" * PRIVATE_BYTES_MAX))
    assert len(sealed) < SERVER_TAKES_BYTES


def test_a_text_moved_to_another_event_does_not_open_there():
    author = Author(identity())
    one, other = (author.write(private=b'{"text":"%d"}' % number) for number in (1, 2))
    assert one.private is not None
    moved = other._replace(private=None, sealed=seal(KEY, one.hash, one.private))
    assert unseal({KEY.kid: KEY.key}, moved) is None


def test_a_text_under_another_key_stays_locked_and_names_the_key_it_needs():
    other = UserKey.of(drawn(32, "other"))
    event = sealed_event(b'{"text":"a word"}')
    assert event.sealed is not None
    assert unseal({}, event) is None
    assert unseal({other.kid: other.key}, event) is None
    assert kid_in(event.sealed) == KEY.kid


def test_a_key_under_anothers_name_opens_nothing():
    assert unseal({KEY.kid: drawn(32, "other")}, sealed_event(b'{"text":"a word"}')) is None


@given(st.data())
def test_any_flipped_bit_of_a_sealed_text_keeps_it_shut(data):
    event = sealed_event(b'{"text":"a word"}')
    assert event.sealed is not None
    raw = bytearray(event.sealed)
    bit = data.draw(st.integers(0, len(raw) * 8 - 1))
    raw[bit // 8] ^= 1 << bit % 8
    assert unseal({KEY.kid: KEY.key}, event._replace(sealed=bytes(raw))) is None


@given(st.binary(max_size=200))
def test_bytes_that_are_no_sealed_text_never_open_and_never_raise(raw):
    event = sealed_event(b'{"text":"a word"}')
    assert unseal({KEY.kid: KEY.key}, event._replace(sealed=KEY.kid + raw)) is None


def test_another_text_sealed_by_a_holder_of_the_key_is_not_the_authors():
    event = sealed_event(b'{"text":"a word"}')
    forged = event._replace(sealed=seal(KEY, event.hash, Part(bytes(16), b'{"text":"another"}')))
    assert unseal({KEY.kid: KEY.key}, forged) is None


def test_an_event_without_a_sealed_text_opens_to_nothing():
    assert unseal({KEY.kid: KEY.key}, sealed_event(b"{}")._replace(sealed=None)) is None
