"""Moving in: what other programs wrote, read row by row and recorded as entries.

    source.py      a file or standard input, decoded
    formats.py     the formats by name; each is a file of its own that turns a source into rows
    wanted.py      a row: the entries it asks for, or the cell that cannot be read
    recorded.py    what the log has already
    plan.py        rows become entries to write, entries that are there, refusals
    apply.py       only counted; or counted and written, in one transaction
    report.py      the counts, for people and as JSON
    running.py     one `mp import` from its source to its answer; progress.py says how far it is
    logs.py        whole logs, which are not read as rows

An import adds and never changes: what is there, by its name or its content, is left as it is.
"""
