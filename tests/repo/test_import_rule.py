"""The allow-list contract, on small made-up import graphs."""

import grimp
from importlinter import ContractCheck

from tests.repo.import_rule import AllowedContract


def check(*imports: tuple[str, str]) -> ContractCheck:
    graph = grimp.ImportGraph()
    for module in {"core", *(name for pair in imports for name in pair)}:
        graph.add_module(module, is_squashed=not module.startswith("core"))
    for importer, imported in imports:
        graph.add_import(importer=importer, imported=imported)
    contract = AllowedContract(
        name="core is pure",
        session_options={"root_packages": ["core"]},
        contract_options={
            "source_modules": ["core"],
            "allowed_packages": ["msgspec"],
            "impure_stdlib": ["socket"],
        },
    )
    return contract.check(graph, verbose=False)


def test_the_pure_standard_library_its_own_modules_and_allowed_packages_may_be_imported():
    assert check(("core.a", "core.b"), ("core.a", "struct"), ("core.b", "msgspec")).kept


def test_an_impure_part_of_the_standard_library_is_an_offence():
    assert check(("core.a", "socket")).metadata["offences"] == [("core.a", "socket")]


def test_a_package_that_nobody_allowed_is_an_offence():
    assert check(("core.deep.a", "litestar")).metadata["offences"] == [("core.deep.a", "litestar")]


def test_a_neighbour_whose_name_begins_alike_is_not_the_package_itself():
    assert not check(("core.a", "core_client")).kept


def test_what_an_allowed_package_imports_is_its_own_business():
    assert check(("core.a", "msgspec"), ("msgspec", "socket")).kept
