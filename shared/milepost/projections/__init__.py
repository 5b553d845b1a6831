"""Projections: events to rows, rows to views, views to a digest. Order-free by construction (log.md).

    fold.py        event -> rows, a pure map; the state of a projection is the set of its rows
    apply.py       rows into tables: duplicates, retractions, settlements, erasures, moved stamps
    writes.py      one entity's rows as its resolver sees them: standing writes, heads, readings
    kinds.py       entity kind -> resolver; one file a domain holds folds, resolvers and view structs
    digest.py      the labelled digest that a device and the server compare
    progress.py    what a member is shown: counts over the resolved entities

The tables themselves live at the two ends (`milepost_client.views.views`, `milepost_server.projection.projector`)
behind the port in `tables.py`.
"""
