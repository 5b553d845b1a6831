"""The base install brings `milepost-server` without what it serves with: that is said, not thrown."""

import sys

import pytest

from milepost_server.cli import main


@pytest.fixture
def base_install(monkeypatch: pytest.MonkeyPatch) -> None:
    # None in sys.modules is how Python is told that a module is not there.
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    for name in [name for name in sys.modules if name in ("milepost_server.running", "milepost_server.serving")]:
        monkeypatch.delitem(sys.modules, name)
    import milepost_server

    for name in ("running", "serving"):
        monkeypatch.delattr(milepost_server, name, raising=False)


@pytest.mark.usefixtures("base_install")
def test_serving_without_the_server_extra_says_what_to_install(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["run", "--port", "0"])
    assert ended.value.code == 1
    assert (
        capsys.readouterr().err == "milepost-server: uvicorn is not installed; in the clone: pip install '.[server]'\n"
    )
