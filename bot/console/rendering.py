"""The console's templates: everything put into them is escaped, and a name they do not get is a fault."""

import hashlib
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from bot import health
from bot.console import words
from bot.console.security import HOME
from bot.settings import Config
from bot.texts import day

FOLDER = Path(__file__).parent


def environment(config: Config) -> Environment:
    """Return the templates of one commune's console."""
    templates = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=select_autoescape(),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.globals |= {
        "home": HOME,
        "unit": config.unit.name,
        "is_demo": config.web.demo,
        "version": _version(),
        "ROLES": words.ROLES,
        "DUTIES": words.DUTIES,
        "ACTIONS": words.ACTIONS,
        "DETAILS": words.DETAILS,
        "DELETED": words.DELETED,
        "CHANNELS": health.NAMES,
    }
    templates.filters |= {
        "moment": words.moment,
        "said": words.said,
        "begun": words.begun,
        "day": day,
        "grouped": words.grouped,
    }
    return templates


def _version() -> str:
    """Return a short mark of the static files, so that a browser's cache is renewed when they change."""
    digest = hashlib.sha256()
    for path in sorted((FOLDER / "static").iterdir()):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:8]
