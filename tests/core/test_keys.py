import pytest
from hypothesis import given
from hypothesis import strategies as st

from milepost.errors import BadSignature, CheckRefused
from milepost.keys import (
    AgreementKey,
    DeviceKeys,
    Identity,
    SigningKey,
    enrol,
    kid_of,
    name_of,
    secret_of,
    verify,
    words_of,
    wrap,
    wrap_info,
)
from tests.support.authors import Author, drawn, identity
from tests.support.drawn_events import bytes16, bytes32


@given(bytes16)
def test_any_secret_comes_back_from_its_twelve_words(secret):
    words = words_of(secret)
    assert len(words.split()) == 12
    assert secret_of(f"  {words.upper()}\n") == secret


def test_eleven_words_are_not_a_secret():
    with pytest.raises(CheckRefused, match="11 words are not 12"):
        secret_of("abandon " * 11)


def test_a_word_that_is_not_on_the_list_is_named():
    with pytest.raises(CheckRefused, match="word 3, 'mielpost'"):
        secret_of("abandon abandon mielpost " + "abandon " * 9)


def test_twelve_words_in_another_order_are_refused():
    words = words_of(drawn(16, "words")).split()
    with pytest.raises(CheckRefused, match="not these twelve in this order"):
        secret_of(" ".join([words[1], words[0], *words[2:]]))


@given(bytes16)
def test_a_recovery_secret_always_makes_the_same_identity(secret):
    one, again = Identity.from_secret(secret), Identity.from_secret(secret)
    assert (one.user, one.signing.public, one.recovery.public) == (
        again.user,
        again.signing.public,
        again.recovery.public,
    )
    assert one.user == name_of(one.signing.public)


@given(bytes32, st.binary(max_size=80), st.data())
def test_a_signature_is_good_for_its_key_and_its_bytes_only(seed, message, data):
    key = SigningKey(seed)
    signature = key.sign(message)
    bit = data.draw(st.integers(0, 64 * 8 - 1))
    flipped = bytearray(signature)
    flipped[bit // 8] ^= 1 << bit % 8
    assert verify(key.public, signature, message)
    assert not verify(key.public, bytes(flipped), message)
    assert not verify(key.public, signature, message + b"\0")
    assert not verify(SigningKey(drawn(32, seed)).public, signature, message)


@given(st.binary(max_size=40), st.binary(max_size=80), st.binary(max_size=10))
def test_bytes_that_are_no_key_or_no_signature_never_verify_and_never_raise(public, signature, message):
    assert not verify(public, signature, message)


@given(bytes32, bytes16, bytes16)
def test_a_wrap_opens_for_its_device_its_account_and_its_key_only(user_key, user, other_user):
    mine, other = AgreementKey(drawn(32, "mine")), AgreementKey(drawn(32, "other"))
    kid = kid_of(user_key)
    wrapped = wrap(user_key, mine.public, wrap_info(user, kid))
    assert mine.unwrap(wrapped, wrap_info(user, kid)) == user_key
    assert other.unwrap(wrapped, wrap_info(user, kid)) is None
    assert mine.unwrap(wrapped, wrap_info(user, kid_of(kid))) is None
    assert user == other_user or mine.unwrap(wrapped, wrap_info(other_user, kid)) is None


@given(st.binary(max_size=120))
def test_bytes_that_are_no_wrap_never_open_and_never_raise(raw):
    assert AgreementKey(drawn(32, "mine")).unwrap(raw, b"") is None


def test_two_devices_agree_on_the_same_bytes():
    one, other = AgreementKey(drawn(32, 1)), AgreementKey(drawn(32, 2))
    assert one.agree(other.public) == other.agree(one.public)


def test_an_agreement_with_a_low_order_point_is_refused():
    with pytest.raises(BadSignature, match="not a usable X25519 key"):
        AgreementKey(drawn(32, 1)).agree(bytes(32))


def test_an_enrolment_by_the_identity_names_device_and_account_after_their_keys():
    member, keys = identity(), DeviceKeys.from_seeds(drawn(32, 1), drawn(32, 2))
    enrolment = enrol(keys, member.signing.public, member.recovery.public, None, member.signing)
    enrolment.check_names()
    assert (enrolment.user, enrolment.device) == (member.user, keys.device)
    assert verify(member.signing.public, enrolment.signature, enrolment.signed)


@pytest.mark.parametrize("field", ["device", "signing", "agreement", "identity", "recovery", "by"])
def test_the_signature_of_an_enrolment_covers_every_field(field):
    enrolment = Author(identity(), 1, by=Author(identity(), 2)).enrolment
    changed = enrolment._replace(**{field: drawn(len(getattr(enrolment, field)), "other")})
    assert changed.signed != enrolment.signed


def test_a_device_with_anothers_name_is_refused():
    enrolment = Author(identity()).enrolment
    with pytest.raises(BadSignature, match="not named after its key"):
        enrolment._replace(device=bytes(16)).check_names()
