"""The event catalogue: what can be recorded, declared once, one file a family.

    encode(name, values)                        values to the two parts of an event
    decode(type, version, facts, private)       parts to an Entry, or Unknown; never raises
    violations(name, version, facts, private)   what is wrong with an entry's shape, alike on every replica
    get(name), types()                          the declarations themselves

These work on this build's catalogue (`INSTALLED`); a `Catalogue` of other declarations has the same methods. Faster
reading for folds is in `milepost.catalogue.codec`, JSON Schema in `milepost.catalogue.schema`; neither is imported
here, and no family is until one of its types is asked for.
"""

from milepost.catalogue.declare import EventType, Field, Violation
from milepost.catalogue.lookup import (
    INSTALLED,
    SEALED_TYPE,
    SEALED_VERSION,
    Catalogue,
    Encoded,
    Entry,
    Unknown,
    oversize,
)

CATALOGUE_VERSION = "630f7cf7c590"
"""Label of the declarations in view digests: replicas that fold under different catalogues do not compare."""

decode = INSTALLED.decode
draft = INSTALLED.draft
encode = INSTALLED.encode
encode_entry = INSTALLED.encode_entry
get = INSTALLED.get
types = INSTALLED.types
violations = INSTALLED.violations

__all__ = [
    "CATALOGUE_VERSION",
    "INSTALLED",
    "SEALED_TYPE",
    "SEALED_VERSION",
    "Catalogue",
    "Encoded",
    "Entry",
    "EventType",
    "Field",
    "Unknown",
    "Violation",
    "decode",
    "draft",
    "encode",
    "encode_entry",
    "get",
    "oversize",
    "types",
    "violations",
]
