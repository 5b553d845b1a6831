"""Settings: flags over the environment over the file over defaults."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milepost.errors import NotFound, UsageError
from milepost_client.device.config import SETTINGS, Config


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "config.toml")


def write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def test_without_a_file_every_setting_has_its_default(path):
    assert [(one.name, one.value, one.origin) for one in Config(path, {}).all()] == [
        (setting.name, setting.default, "default") for setting in SETTINGS
    ]


def test_the_environment_beats_the_file_and_a_flag_beats_both(path):
    write(path, 'color = "never"\n')
    assert Config(path, {}).look("color") == ("color", "never", path)
    assert Config(path, {"MILEPOST_COLOR": "always"}).look("color") == ("color", "always", "MILEPOST_COLOR")
    assert Config(path, {"MILEPOST_COLOR": "always"}, color="auto").look("color") == ("color", "auto", "flag")


def test_a_value_that_is_no_choice_is_refused_and_names_where_it_stands(path):
    write(path, 'color = "pink"\n')
    with pytest.raises(UsageError, match="pink") as refused:
        Config(path, {}).get("color")
    assert path in refused.value.message


def test_a_name_that_is_no_setting_is_not_found(path):
    with pytest.raises(NotFound):
        Config(path, {}).get("colour")


def test_setting_keeps_comments_order_and_other_tables(path):
    write(path, '# mine\ncolor = "never"\n\n[alias]\nw = "win"\n')
    config = Config(path, {})
    config.put("color", "always")
    config.put("editor", "vim -u NONE")
    config.put("alias.f", 'feedback "x"')
    assert read(path) == (
        '# mine\ncolor = "always"\n\neditor = "vim -u NONE"\n[alias]\nw = "win"\nf = "feedback \\"x\\""\n'
    )
    assert config.aliases() == {"w": "win", "f": 'feedback "x"'}


def test_a_table_that_is_missing_is_added_and_what_is_unset_is_gone(path):
    config = Config(path, {})
    config.put("nudge.between_goals", "yes")
    assert config.get("nudge.between_goals") == "yes"
    config.put("nudge.between_goals", None)
    assert config.look("nudge.between_goals").origin == "default"


def test_true_and_false_in_the_file_are_yes_and_no(path):
    write(path, "input = false\n")
    assert Config(path, {}).get("input") == "no"


def test_a_file_that_is_no_toml_is_a_sentence(path):
    write(path, "color = \n")
    with pytest.raises(UsageError, match="not TOML"):
        Config(path, {}).get("color")


@given(st.text(st.characters(exclude_categories=("C", "Z")), max_size=40))
def test_any_printable_alias_is_read_back_as_it_was_set(tmp_path_factory, value):
    path = str(tmp_path_factory.mktemp("config") / "config.toml")
    Config(path, {}).put("alias.x", value)
    assert Config(path, {}).aliases() == {"x": value}
