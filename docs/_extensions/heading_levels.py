"""Captions of the contents say which level of heading they are, as screen readers need it."""

from typing import Any

from sphinx.application import Sphinx

LATE = 900  # after the theme has made its tree of the contents


def state_levels(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: object
) -> None:
    """Add the level that Sphinx leaves out."""
    for part in ("body", "furo_navigation_tree"):
        if part in context:
            context[part] = context[part].replace('role="heading"', 'role="heading" aria-level="2"')


def setup(app: Sphinx) -> dict[str, Any]:
    """Run on each page before it is written."""
    app.connect("html-page-context", state_levels, priority=LATE)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
