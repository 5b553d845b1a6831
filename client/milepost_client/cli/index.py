"""Which file holds which command, so that one command imports one file. The order is the order of help."""

GROUPS = {
    "Every day": {
        "goal": "daily",
        "done": "daily",
        "rate": "daily",
        "touch": "daily",
        "spend": "daily",
        "metric": "daily",
        "win": "daily",
        "note": "daily",
        "feedback": "daily",
    },
    "People and evidence": {"contact": "contacts", "evidence": "evidence"},
    "Plan": {
        "objective": "daily",
        "milestone": "milestones",
        "reframe": "daily",
        "review": "daily",
        "capacity": "daily",
    },
    "Find your way": {
        "focus": "daily",
        "value": "daily",
        "role": "roles",
        "skill": "skills",
        "position": "career",
        "timeline": "career",
    },
    "Look": {"today": "standing", "status": "standing", "log": "looking", "show": "looking", "inbox": "standing"},
    "Correct": {"undo": "correcting", "edit": "correcting", "erase": "correcting"},
    "Several devices, a pod": {
        "init": "setup",
        "join": "setup",
        "sync": "syncing",
        "device": "devices",
        "key": "devices",
        "pod": "pods",
        "share": "sharing",
        "ask": "daily",
        "answer": "answering",
        "dashboard": "dashboard",
    },
    "Move in, take with you": {"import": "importing", "export": "exporting"},
    "Care": {
        "verify": "care",
        "doctor": "care",
        "config": "settings",
        "completion": "settings",
        "demo": "demonstrating",
        "help": "helping",
    },
}

MODULES = {name: module for group in GROUPS.values() for name, module in group.items()}

LISTS = {
    "goal list": "lists",
    "done list": "lists",
    "rate list": "lists",
    "metric list": "lists",
    "touch list": "lists",
    "spend list": "lists",
    "win list": "rhythm",
    "objective list": "rhythm",
    "objective close": "rhythm",
    "review list": "rhythm",
    "capacity list": "rhythm",
    "note list": "direction",
    "focus list": "direction",
    "value list": "direction",
    "feedback list": "lists",
    "metric define": "daily",
    "ask list": "asking",
    "ask close": "asking",
}
"""What follows a daily word as a verb, and needs a command of its own."""
