"""The statement that erases an account, and the receipt of it: whose word each is, and for what."""

from hypothesis import given
from hypothesis import strategies as st

from milepost.erasure import Statement, erased, erasing
from milepost.keys import Identity, SigningKey

SERVER = SigningKey(b"server".ljust(32, b"."))
DEVICE = SigningKey(b"device".ljust(32, b"."))
IDENTITY = Identity.from_secret(b"recovery-secret.").signing

ids = st.binary(min_size=16, max_size=16)
keys = st.binary(min_size=32, max_size=32)


def test_a_statement_is_its_devices_word():
    statement = erasing(IDENTITY.name, SERVER.public, DEVICE.name, DEVICE)
    assert statement.is_by(DEVICE.public)
    assert not statement.is_by(IDENTITY.public)


def test_without_a_device_it_is_the_identitys():
    statement = erasing(IDENTITY.name, SERVER.public, None, IDENTITY)
    assert statement.is_by(IDENTITY.public)
    assert not statement.is_by(DEVICE.public)


@given(ids, keys, st.none() | ids)
def test_a_statement_made_for_one_account_server_and_device_is_worth_nothing_for_any_other(user, server_key, by):
    statement = erasing(IDENTITY.name, SERVER.public, DEVICE.name, DEVICE)
    other = Statement(user, server_key, by, statement.signature)
    assert other.is_by(DEVICE.public) == (other == statement)


@given(ids, st.integers(0, 2**63 - 1))
def test_a_receipt_says_whose_account_was_erased_and_when(user, at):
    receipt = erased(SERVER, user, at)
    assert receipt.is_by(SERVER.public)
    assert not receipt._replace(at=at ^ 1).is_by(SERVER.public)
    assert not receipt._replace(user=bytes(b ^ 1 for b in user)).is_by(SERVER.public)
    assert not receipt.is_by(DEVICE.public)
    assert erased(SERVER, user, at) == receipt
