"""Let docstrings write mathematics plainly.

In a docstring ``|x|`` is an absolute value, ``a * b`` a product and ``lambda_`` a name; in
reStructuredText they would be a substitution, emphasis and a link. Outside code they are escaped,
so that an author writes for a reader of the source, not for the markup.
"""

import re
from collections.abc import Iterator
from typing import Any

from sphinx.application import Sphinx

CODE = re.compile(r"(``.*?``|:\w+:`.*?`)")
BULLET = re.compile(r"(\s*\* )?")
MARKUP = re.compile(r"(?<!\\)(\||\*|(?<=\w)_(?!\w))")


def escaped(lines: list[str]) -> Iterator[str]:
    """Escape the text of a docstring, but not its code, examples and directives."""
    block_indent: int | None = None  # of the line that opened a literal block or a directive
    in_example = False
    for line in lines:
        indent = len(line) - len(line.lstrip())
        if line.strip():
            if block_indent is not None and indent <= block_indent:
                block_indent = None
            in_example = in_example or line.lstrip().startswith(">>>")
        else:
            in_example = False
        if block_indent is not None or in_example:
            yield line
            continue
        bullet = BULLET.match(line)[0]
        parts = CODE.split(line.removeprefix(bullet))
        yield bullet + "".join(
            part if place % 2 else MARKUP.sub(r"\\\1", part) for place, part in enumerate(parts)
        )
        if line.rstrip().endswith("::") or line.lstrip().startswith(".. "):
            block_indent = indent


def escape_docstring(
    app: Sphinx, what: str, name: str, obj: object, options: object, lines: list[str]
) -> None:
    """Escape one docstring in place."""
    lines[:] = escaped(lines)


def setup(app: Sphinx) -> dict[str, Any]:
    """Run before the sections of a docstring are read."""
    app.setup_extension("sphinx.ext.autodoc")
    app.connect("autodoc-process-docstring", escape_docstring, priority=400)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
