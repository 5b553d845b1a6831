"""One distribution: its entry points, its lock files, its typing, and the base install that stays light."""

import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import entry_points
from typing import Any

import pytest
from packaging.requirements import Requirement

from tests.repo.tree import ROOT

PYPROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = ["requirements.lock", "server/requirements.lock"]


def pins(lock: str) -> dict[str, tuple[Requirement, list[str]]]:
    """Package name to its pin and hashes. A lock file holds nothing but such blocks."""
    blocks = re.split(r"\n(?=\S)", (ROOT / lock).read_text(encoding="utf-8").strip())
    parsed = {}
    for block in blocks:
        pin, *hashes = [part.strip() for part in block.split("\\\n")]
        parsed[Requirement(pin).name] = (Requirement(pin), hashes)
    return parsed


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_pins_every_package_to_one_version_with_hashes(lock):
    for requirement, hashes in pins(lock).values():
        assert re.fullmatch(r"==[\w.!+-]+", str(requirement.specifier))
        assert requirement.url is None
        assert hashes
        assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", line) for line in hashes)


def test_the_lock_of_the_image_is_a_part_of_the_whole_one():
    whole, image = pins("requirements.lock"), pins("server/requirements.lock")
    assert {name: str(pin) for name, (pin, _) in image.items()}.items() <= {
        name: str(pin) for name, (pin, _) in whole.items()
    }.items()
    assert "pytest" not in image


def test_the_lock_satisfies_every_declared_dependency():
    project = PYPROJECT["project"]
    declared = [
        *project["dependencies"],
        *(line for extra in project["optional-dependencies"].values() for line in extra),
    ]
    locked = pins("requirements.lock")
    for requirement in map(Requirement, declared):
        pinned = next(iter(locked[requirement.name][0].specifier)).version
        assert requirement.specifier.contains(pinned), f"make lock: {requirement} is pinned to {pinned}"


def test_the_base_install_brings_no_web_framework():
    base = {Requirement(line).name for line in PYPROJECT["project"]["dependencies"]}
    assert base.isdisjoint({"litestar", "uvicorn", "jinja2", "playwright", "pydantic", "rich"})


@pytest.mark.parametrize("script", sorted(PYPROJECT["project"]["scripts"]))
def test_an_entry_point_resolves_to_something_callable(script):
    (installed,) = entry_points(group="console_scripts", name=script)
    assert installed.value == PYPROJECT["project"]["scripts"][script]
    assert callable(installed.load())


def test_each_package_stands_alone_in_its_source_root_and_is_typed():
    for package in PYPROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]:
        assert (ROOT / package / "__init__.py").is_file()
        assert (ROOT / package / "py.typed").is_file()
        beside = {
            path.name for path in (ROOT / package).parent.iterdir() if path.is_dir() and path.name != "__pycache__"
        }
        assert beside == {package.split("/")[1]}


def test_the_wheel_holds_the_three_packages_and_nothing_else(tmp_path):
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    packages = {name.split("/")[0] for name in names if ".dist-info/" not in name}
    assert packages == {"milepost", "milepost_client", "milepost_server"}
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)
