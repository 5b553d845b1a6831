"""An import-linter contract by allow-list: what is not named may not be imported.

import-linter's own `forbidden` contract needs the list of everything that might ever be wrong; the rule for
`milepost` is the other way round. pyproject.toml uses it as `type = "allowed"`.
"""

import sys
from typing import cast

import grimp
from importlinter import Contract, ContractCheck, fields, output


class AllowedContract(Contract):
    """`source_modules` import themselves, `allowed_packages` and the standard library less `impure_stdlib`.

    Only direct imports count: an allowed package may import what it likes.
    """

    type_name = "allowed"

    source_modules = fields.ListField(subfield=fields.StringField())
    allowed_packages = fields.SetField(subfield=fields.StringField())
    impure_stdlib = fields.SetField(subfield=fields.StringField())

    def check(self, graph: grimp.ImportGraph, verbose: bool) -> ContractCheck:
        """Kept when no import breaks the rule; else each offence under `metadata["offences"]`."""
        # The fields are descriptors: read from an instance, they give the configured values.
        sources = cast("list[str]", self.source_modules)
        pure_stdlib = sys.stdlib_module_names - cast("set[str]", self.impure_stdlib)
        allowed = pure_stdlib | cast("set[str]", self.allowed_packages) | {name.split(".")[0] for name in sources}
        offences = [
            (importer, imported)
            for source in sources
            for importer in sorted({source} | graph.find_descendants(source))
            for imported in sorted(graph.find_modules_directly_imported_by(importer))
            if imported.split(".")[0] not in allowed
        ]
        return ContractCheck(kept=not offences, metadata={"offences": offences})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """One line per offence."""
        for importer, imported in check.metadata["offences"]:
            output.print_error(f"{importer} imports {imported}", bold=False)
