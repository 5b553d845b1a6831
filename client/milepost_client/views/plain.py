"""Views as JSON shows them: every field is there, and what is missing is null.

The views' own encoding leaves defaults out, because it is hashed and stored; scripts should not have to know defaults.
"""

from typing import Any

import msgspec

# What the next write names in `over`: of no use outside.
_HIDDEN = frozenset({"heads"})


def plain(value: Any) -> Any:
    """A struct, or anything that holds structs, as dictionaries, lists and scalars."""
    if isinstance(value, msgspec.Struct):
        names = zip(value.__struct_fields__, value.__struct_encode_fields__, strict=True)
        return {shown: plain(getattr(value, name)) for name, shown in names if name not in _HIDDEN}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return value
