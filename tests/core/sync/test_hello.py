import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from milepost.sync import messages as m
from milepost.sync.hello import signed_bytes
from tests.support.drawn_events import bytes32
from tests.support.drawn_messages import struct

hellos = struct(m.Hello)
versions = st.lists(st.integers(0, (1 << 32) - 1), max_size=3)


@given(hellos, bytes32, bytes32, versions)
def test_the_proof_depends_on_everything_but_the_signature_itself(hello, nonce, key, listed):
    proof = signed_bytes(hello, nonce, key, listed)
    assert signed_bytes(replace(hello, signature=bytes(64)), nonce, key, listed) == proof
    changed = {
        "version": (hello.version + 1) % (1 << 32),
        "user": flipped(hello.user),
        "device": flipped(hello.device),
        "epoch": (hello.epoch + 1) % (1 << 32),
        "mark": flipped(hello.mark),
        "software": hello.software + "x",
        "leaves": [*hello.leaves, m.WireLeaf(bytes(16), 1, 1, bytes(32))],
        "incarnation": None if hello.incarnation else bytes(16),
        "position": hello.position ^ 1,
        "name": hello.name + "x",
        "versions": [*hello.versions, 1],
    }
    assert set(changed) == set(m.Hello.__struct_fields__) - {"signature"}
    for field, value in changed.items():
        assert signed_bytes(replace(hello, **{field: value}), nonce, key, listed) != proof, field


@given(hellos, bytes32, bytes32, versions)
def test_a_proof_is_good_for_one_connection_to_one_server(hello, nonce, key, listed):
    proof = signed_bytes(hello, nonce, key, listed)
    assert signed_bytes(hello, flipped(nonce), key, listed) != proof
    assert signed_bytes(hello, nonce, flipped(key), listed) != proof
    # Nobody between the two can strike a version from what the server offered.
    assert signed_bytes(hello, nonce, key, [*listed, 1]) != proof


@pytest.mark.parametrize(("one", "other"), [(("ab", "c"), ("a", "bc")), (("", "abc"), ("abc", ""))])
def test_two_texts_never_run_into_each_other(one, other):
    def proof(texts: tuple[str, str]) -> bytes:
        zero = bytes(16)
        hello = m.Hello(1, zero, zero, 1, zero, texts[1], [], None, 0, texts[0], [1], bytes(64))
        return signed_bytes(hello, bytes(32), bytes(32), [1])

    assert proof(one) != proof(other)


def flipped(raw: bytes) -> bytes:
    return bytes([raw[0] ^ 1]) + raw[1:]
