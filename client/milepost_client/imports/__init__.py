"""Moving in: what other programs wrote, read row by row and recorded as entries.

    source.py      a file or standard input, decoded
    formats.py     the formats by name; each is a file of its own that turns a source into rows
    wanted.py      a row: the entries it asks for, or the cell that cannot be read
    recorded.py    what the log has already
    plan.py        rows become entries to write, entries that are there, refusals
    apply.py       counted first; written in one transaction when asked to
    report.py      the counts, for people and as JSON

An import adds and never changes: what is there, by its name or its content, is left as it is.
"""
