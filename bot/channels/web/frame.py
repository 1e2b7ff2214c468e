"""What every page around the chat shares: the commune at the top and the foot, the ways between the pages."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.broadcasting import article
from bot.channels.web import rendering
from bot.texts import day
from handlers.services import Services

HOME = Path(__file__).parent


class Frame:
    """Renders the public pages of one commune."""

    def __init__(self, services: Services, version: str) -> None:
        self._services = services
        self._templates = Environment(
            loader=FileSystemLoader(HOME / "templates"), autoescape=select_autoescape(), undefined=StrictUndefined
        )
        unit = services.config.unit
        self._templates.globals |= {
            "say": services.texts.say,
            "section": services.texts.section,
            "unit": unit,
            "dialled": "".join(sign for sign in unit.phone if sign in "+0123456789"),
            "demo": services.config.web.demo,
            "version": version,
        }
        self._templates.filters |= {"day": day, "shown": _shown, "article": _article}

    def render(self, template: str, request: Request, **values: object) -> str:
        return self._templates.get_template(template).render(
            here=request.url.path, query=request.query_params, **values
        )

    def show(self, template: str, request: Request, *, status: int = 200, **values: object) -> Response:
        """Return a page, which no cache keeps: what is taken off it is gone."""
        page = self.render(template, request, **values)
        return HTMLResponse(page, status, headers={"cache-control": "no-store"})

    def too_fast(self, request: Request) -> Response:
        """Return what an address reads from which too much is asked."""
        response = self.show("lookup.html", request, status=429, told=self._services.texts.say("public.too_fast"))
        response.headers["retry-after"] = "60"
        return response


def _article(markdown: str) -> Markup:
    """Return an announcement's Markdown as HTML, which `article` keeps safe."""
    return Markup(article.html(markdown))  # noqa: S704


def _shown(text: str) -> Markup:
    """Return what an official wrote as paragraphs and lists; an empty line makes no small print of what follows."""
    return rendering.html("\n".join(line for line in text.splitlines() if line.strip()))
