"""The benchmarks run, and what they leave has its shape. No figure is asserted on: a busy machine is not a bug."""

import json

import pytest

from tests.benchmarks import report
from tests.benchmarks.__main__ import main
from tests.benchmarks.figures import NAMES
from tests.benchmarks.measure import Figure, Goal, Sample, percentile


@pytest.mark.parametrize("name", NAMES)
def test_a_figure_can_be_measured_on_a_small_history(name, tmp_path, capsys):
    path = tmp_path / "figures.json"
    assert main(["--only", name, "--events", "50", "--rounds", "1", "--json", str(path)]) == 0
    (row,) = json.loads(path.read_text(encoding="utf-8"))["figures"]
    assert row["name"] == name
    assert row["ours"] > 0
    assert row["floor"] > 0
    assert name in capsys.readouterr().out


def test_a_ratio_is_the_median_of_the_rounds_and_is_held_to_its_goal():
    figure = Figure("time", "a time", "its floor", "ms", Goal(2.0, is_ceiling=True))
    result = figure.of([Sample(10, 1), Sample(3, 2), Sample(1, 1)], 5)
    assert (result.ours, result.floor, result.ratio, result.is_met) == (3, 1, 1.5, True)
    assert not figure.of([Sample(3, 1)], 5).is_met
    assert Goal(0.5, is_ceiling=False).is_met(0.6)


def test_a_percentile_is_a_value_that_was_measured():
    assert percentile([4.0, 1.0, 3.0, 2.0], 50) == 2.0
    assert percentile([4.0, 1.0, 3.0, 2.0], 99) == 4.0


def test_the_page_of_the_documentation_is_made_from_the_file_beside_it():
    written = json.loads(report.JSON.read_text(encoding="utf-8"))
    assert written["schema"] == report.SCHEMA
    assert report.PAGE.read_text(encoding="utf-8") == report.page(written)
