"""Configuration of the site. The build is strict: `make docs` turns warnings into errors."""

import logging
import os
import sys
import tomllib
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / "_extensions"))

_project = tomllib.loads((HERE.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]

project = _project["name"]
version = release = _project["version"]
author = _project["authors"][0]["name"]
copyright = f"2026, {author}"

extensions = [
    "heading_levels",
    "mathml",
    "plain_mathematics",
    "myst_parser",
    "sphinx.ext.apidoc",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
]
exclude_patterns = ["_build", "reference/*/modules.rst"]
default_role = "code"
smartquotes_action = "De"  # dashes and ellipses; a prime stays a prime

# A folder of tutorials or arguments that is still empty is no fault, and Sphinx has no name for
# this warning by which to suppress it.
logging.getLogger("sphinx.sphinx.directives.other").addFilter(
    lambda record: getattr(record, "subtype", None) != "empty_glob"
)

myst_enable_extensions = ["amsmath", "colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3

# The reference: one page per module, from the docstrings.
apidoc_modules = [
    {"path": f"../{package}", "destination": f"reference/{package}"}
    for package in ("theory", "numerics", "proofs_check")
]
# A word in the type of an argument, such as float64, may also be the name of two attributes.
suppress_warnings = ["ref.python"]
apidoc_module_first = True
apidoc_separate_modules = True
# A name is described where it is defined, not again where a package re-exports it. (For packages
# Sphinx ignores `apidoc_automodule_options` and reads this instead.)
os.environ["SPHINX_APIDOC_OPTIONS"] = "members,show-inheritance,ignore-module-all"
autodoc_member_order = "bysource"
autodoc_typehints = "none"  # a docstring states domains and shapes, which say more
autodoc_preserve_defaults = True
napoleon_google_docstring = False
# Fields of a record are listed, also several on one line, and each is described once.
napoleon_custom_sections = [("Attributes", "params_style")]
napoleon_use_rtype = False

html_theme = "furo"
html_title = f"{project} {version}"
# Formulas are MathML, so that the site needs no script and no network.
html_math_renderer = "mathml"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_js_files = [("scrollable.js", {"defer": "defer"})]
html_copy_source = False
