"""A Hypothesis strategy for every message, drawn from the types of its fields."""

from typing import get_args

import msgspec
from hypothesis import strategies as st

from milepost.event import INTEGER_MAX
from milepost.sync import messages as m

MESSAGES: tuple[type[m.Message], ...] = get_args(m.Message)


def of(kind: msgspec.inspect.Type) -> st.SearchStrategy[object]:
    """Values that a field of this type may have."""
    match kind:
        case msgspec.inspect.BytesType():
            size = kind.min_length or 0
            return st.binary(min_size=size, max_size=kind.max_length if kind.max_length is not None else 40)
        case msgspec.inspect.IntType():
            top = kind.le if kind.le is not None else (kind.lt - 1 if kind.lt is not None else INTEGER_MAX)
            return st.integers(kind.ge or 0, top)
        case msgspec.inspect.StrType():
            return st.text(min_size=kind.min_length or 0, max_size=min(kind.max_length or 20, 20))
        case msgspec.inspect.ListType():
            return st.lists(of(kind.item_type), max_size=3)
        case msgspec.inspect.UnionType():
            return st.one_of([of(each) for each in kind.types])
        case msgspec.inspect.NoneType():
            return st.none()
        case msgspec.inspect.StructType():
            return struct(kind.cls)
        case _:
            raise TypeError(f"no strategy for {kind}")


def struct(cls: type[msgspec.Struct]) -> st.SearchStrategy[msgspec.Struct]:
    """Values of a message or of a struct inside one."""
    kind = msgspec.inspect.type_info(cls)
    assert isinstance(kind, msgspec.inspect.StructType)
    return st.builds(cls, **{field.name: of(field.type) for field in kind.fields})


any_message = st.one_of([struct(cls) for cls in MESSAGES])
