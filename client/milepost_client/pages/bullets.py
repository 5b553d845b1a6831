"""Lines of a résumé: action, context and result of an impact, in that order."""

from collections.abc import Mapping


def bullet(words: Mapping[str, object]) -> str:
    """`Led a redesign, an old feature: 12 % more users`, as far as this device can read the words."""
    action, context, result = (str(words.get(name) or "").strip() for name in ("action", "context", "result"))
    about = ", ".join(part for part in (action, context) if part)
    said = ": ".join(part for part in (about, result) if part)
    return said[:1].upper() + said[1:] or "(words that this device cannot read)"
