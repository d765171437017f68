"""Render the document in the formats that were asked for, and write each file whole."""

from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Final

from proofs_check.output import write
from proofs_check.report.document import Document

__all__ = ["write_reports"]

RENDERERS: Final = {
    "--json": "json_ledger",
    "--html": "html",
    "--junit": "junit",
    "--markdown": "markdown",
    "--latex": "latex",
    "--svg": "svg",
}
"""Option to the module below this package whose ``render`` makes the text."""


def write_reports(document: Document, outputs: Mapping[str, Path]) -> None:
    """Write one file for each option, once all are rendered; each appears whole."""
    texts = {path: _rendered(document, option) for option, path in outputs.items()}
    for path, text in texts.items():
        write(path, text)


def _rendered(document: Document, option: str) -> str:
    module = import_module(f"proofs_check.report.{RENDERERS[option]}")
    render: Callable[[Document], str] = module.render
    return render(document)
