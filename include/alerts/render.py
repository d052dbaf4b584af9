"""A mail's two forms, made from one value by the templates beside this file."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

if TYPE_CHECKING:
    from jinja2 import Template

    from include.alerts.mail import Mail

TEMPLATES = Path(__file__).parent / "templates"


def as_text(mail: Mail) -> str:
    """The plain text: blank lines between parts, one line end at the end."""
    return _template("mail.txt.j2").render(mail=mail).strip() + "\n"


def as_html(mail: Mail) -> str:
    """The HTML: one column of at most 600 pixels, styles inline, nothing that has to be fetched."""
    return _template("mail.html.j2").render(mail=mail)


@cache
def _template(name: str) -> Template:
    templates = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(("html.j2",), default=False),  # plain text has nothing to escape
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return templates.get_template(name)
