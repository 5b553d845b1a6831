"""Settings: all optional, each checked, each on the reference page."""

import pytest

from milepost.errors import UsageError
from milepost_server.config import SETTINGS, Settings, load, reference


def test_no_setting_is_needed():
    assert load({}) == Settings()


def test_the_table_and_the_settings_name_the_same_things_with_the_same_defaults():
    assert [setting.name for setting in SETTINGS] == list(Settings.__struct_fields__)
    given = {setting.env: setting.default for setting in SETTINGS}
    assert load(given) == Settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "x"),
        ("PORT", "70000"),
        ("PORT", "-1"),
        ("PORT", "٣"),
        ("LOG_LEVEL", "loud"),
        ("URL", "milepost.example.org"),
        ("URL", "ftp://milepost.example.org"),
        ("SOCKETS_PER_ADDRESS", "0"),
        ("JOINS_PER_MINUTE", "many"),
        ("SHUTDOWN_SECONDS", "601"),
    ],
)
def test_a_value_that_makes_no_sense_is_named_with_one_that_does(name: str, value: str):
    with pytest.raises(UsageError, match=f"MILEPOST_SERVER_{name}={value} is not .*; try "):
        load({f"MILEPOST_SERVER_{name}": value})


def test_the_command_line_is_stronger_than_the_environment():
    assert load({"MILEPOST_SERVER_PORT": "1"}, port="2").port == 2


def test_clients_may_dial_the_public_name():
    names = load({"MILEPOST_SERVER_URL": "https://pods.example.org"}).names
    assert {"pods.example.org", "localhost", "127.0.0.1"} <= names


def test_every_setting_is_on_the_reference_page():
    page = reference()
    assert all(f"`{setting.env}`" in page for setting in SETTINGS)
