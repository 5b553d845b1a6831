import pytest
from hypothesis import given
from hypothesis import strategies as st

from milepost.ids import base32, base64url, from_base32, from_base64url


@given(st.binary(min_size=1, max_size=40))
def test_any_bytes_come_back_from_base32(raw):
    assert from_base32(base32(raw), len(raw)) == raw


def test_entity_ids_have_16_characters_and_event_ids_26():
    assert len(base32(bytes(10))) == 16
    assert len(base32(bytes(16))) == 26


@given(st.binary(min_size=10, max_size=10), st.data())
def test_case_hyphens_and_the_usual_misreadings_are_always_forgiven(raw, data):
    written = base32(raw)
    typed = "".join(
        data.draw(st.sampled_from({"0": "0oO", "1": "1iIlL"}.get(digit, digit + digit.upper()))) for digit in written
    )
    cut = data.draw(st.integers(0, len(typed)))
    assert from_base32(typed[:cut] + "-" + typed[cut:], 10) == raw


@pytest.mark.parametrize("text", ["", "0" * 15, "0" * 17, "u" * 16, "0" * 15 + "!", "0" * 15 + "٣"])
def test_what_is_no_entity_id_is_refused(text):
    with pytest.raises(ValueError, match="character"):
        from_base32(text, 10)


def test_an_event_id_over_128_bits_is_refused():
    with pytest.raises(ValueError, match="does not fit 16 bytes"):
        from_base32("z" * 26, 16)


@given(st.binary(min_size=16, max_size=16), st.binary(min_size=16, max_size=16))
def test_base32_always_sorts_like_the_bytes(one, other):
    assert (base32(one) < base32(other)) == (one < other)


@given(st.binary(max_size=100))
def test_any_bytes_come_back_from_base64url(raw):
    assert from_base64url(base64url(raw)) == raw


@given(st.text(st.sampled_from("AZaz09-_+/= \né"), max_size=12))
def test_base64url_has_one_spelling_for_any_bytes(text):
    try:
        raw = from_base64url(text)
    except ValueError:
        return
    assert base64url(raw) == text


@pytest.mark.parametrize("text", ["A", "AA==", "AB", "A A", "AA\n", "++++", "////", "é"])
def test_what_is_not_canonical_base64url_is_refused(text):
    with pytest.raises(ValueError, match="base64url"):
        from_base64url(text)
