"""The tree of errors: a stable code each, an exit code each, a sentence that ends with the remedy."""

import pytest

from milepost import errors
from milepost.errors import MilepostError


def tree(root: type[MilepostError] = MilepostError) -> list[type[MilepostError]]:
    return [
        root,
        *(each for child in root.__subclasses__() for each in tree(child) if each.__module__ == root.__module__),
    ]


def test_the_tree_in_the_docstring_is_the_tree_in_the_code():
    drawn = {line.split("── ")[1].split()[0] for line in (errors.__doc__ or "").splitlines() if "── " in line}
    assert drawn == {each.__name__ for each in tree()} - {"MilepostError"}


@pytest.mark.parametrize("kind", tree(), ids=lambda kind: kind.__name__)
def test_every_error_has_a_code_and_the_exit_code_that_the_docstring_says(kind):
    lines = [line for line in (errors.__doc__ or "").splitlines() if f" {kind.__name__} " in line and "exit" in line]
    assert kind.code
    assert all(f"exit {kind.exit_code}" in line for line in lines)


def test_no_two_kinds_of_error_share_a_code():
    codes = [kind.code for kind in tree()]
    assert len(codes) == len(set(codes))


def test_an_error_says_what_is_wrong_and_then_what_to_do():
    error = errors.LimitExceeded("a text of 9 bytes is over 8", field="private", remedy="split it into two entries")
    assert str(error) == "a text of 9 bytes is over 8; split it into two entries"
    assert (error.code, error.field, error.exit_code) == ("LIMIT", "private", 1)


def test_an_error_may_carry_a_code_of_its_own_without_changing_its_kind():
    error = errors.CheckRefused("12 words are not 11", code="recovery_words")
    assert error.code == "recovery_words"
    assert errors.CheckRefused.code == "check_refused"
