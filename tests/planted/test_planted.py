"""The planted bugs can be planted: `make plant` plants them, this only holds that they still fit the code."""

import pytest

from tests.planted.bugs import BUGS
from tests.planted.plot import ROOT, with_bug


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_a_bug_fits_its_file_in_one_place_and_leaves_python(bug):
    planted = with_bug((ROOT / bug.path).read_text(encoding="utf-8"), bug)
    compile(planted, bug.path, "exec")


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_the_tests_that_should_find_a_bug_are_there(bug):
    assert bug.tests
    assert [path for path in bug.tests if not (ROOT / path).exists()] == []


def test_no_two_bugs_share_a_name():
    assert len({bug.name for bug in BUGS}) == len(BUGS)
