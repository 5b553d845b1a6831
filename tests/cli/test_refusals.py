"""A line that the parser cannot read is refused in a sentence of ours, with a line that works."""

import pytest


@pytest.mark.parametrize(
    ("line", "message", "remedy"),
    [
        (("milestone",), "milestone needs a command: plan, start, block", "see: mp milestone --help"),
        (("show",), "show needs ID", "try: mp show "),
        (("contact", "add"), "contact add needs ", "try: mp contact add "),
        (("undo", "k7f", "now"), "undo takes no 'now'", "see: mp undo --help"),
        (("status", "--foo"), "no such option: --foo", "see: mp status --help"),
        (("goal", "x", "--du", "fri"), "no such option: --du", "did you mean: --due"),
        (("skill", "lst"), "there is no command 'lst'", "did you mean: mp skill list"),
        (("join", "milepost.example.org"), "join needs CODE", "try: mp join https://milepost.example mp1-"),
        (
            ("join", "mp1-x", "milepost.example.org"),
            "the server comes before",
            "try: mp join milepost.example.org mp1-x",
        ),
        (("join", "milepost.example.org", "mp1-"), "'mp1-' is not an invite", "copy all of it"),
    ],
)
def test_a_line_that_does_not_parse_says_what_is_missing_or_too_much(mp, home, line, message, remedy):
    said = mp(*line, "--json", "--no-input")
    assert said.code == 2
    assert said.json["error"]["message"].startswith(message)
    assert said.json["error"]["remedy"].startswith(remedy)
    assert not (home / "log.db").exists()


def test_a_setting_and_a_type_that_are_nearly_right_are_offered(mp):
    setting = mp("config", "set", "colour", "never")
    assert (setting.code, "did you mean: color" in setting.err) == (3, True)
    mp("goal", "Draft 3 stories")
    mistyped = mp("log", "--type", "gaol.set")
    assert (mistyped.code, "did you mean: goal.set" in mistyped.err) == (3, True)
    unlike = mp("log", "--type", "xyzzy")
    assert (unlike.code, "see: mp help events" in unlike.err) == (3, True)
    assert mp("log", "--type", "touchpoint").code == 0


def test_the_2_of_verify_stays_with_damage(mp):
    assert mp("verify", "--foo").code == 64
    assert mp("verify", "now").code == 64
