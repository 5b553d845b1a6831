"""What appending an entry imports: the standard library, and one family."""

import json
import subprocess
import sys

SCRIPT = """
import json, sys
before = set(sys.modules)
import milepost.checks
from milepost import catalogue
names = {values!r}
catalogue.encode(*names)
print(json.dumps(sorted(set(sys.modules) - before)))
"""


def imported(name: str, values: dict[str, object]) -> list[str]:
    script = SCRIPT.format(values=(name, values))
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    modules: list[str] = json.loads(done.stdout)
    return modules


def test_appending_a_goal_imports_one_family_and_the_standard_library():
    goal = {"goal": "gp1xf3a7qyfr6f0d", "learning": True, "visible": True, "has_test": False, "text": "Draft 3 stories"}

    modules = imported("goal.set", goal)

    families = {"goals", "skills", "people", "rhythm", "evidence", "measures", "milestones", "sharing", "control"}
    assert {module.rpartition(".")[2] for module in modules if module.startswith("milepost.catalogue.")} & families == {
        "goals"
    }
    outside = {module.partition(".")[0] for module in modules} - {"milepost"} - sys.stdlib_module_names
    assert {module for module in outside if not module.startswith("_")} == set()


def test_appending_imports_neither_dataclasses_nor_asyncio():
    modules = imported("time.spent", {"minutes": 45})

    assert not {"dataclasses", "asyncio", "msgspec", "inspect"} & set(modules)
