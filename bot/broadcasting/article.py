"""An author's Markdown as safe HTML for the web page, the feed and the commune's portal."""

from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

SAFE = ("http://", "https://", "mailto:", "tel:")  # where a link may lead; anything else is shown as its words alone
TOP = 2  # the page's own title is the first heading


def html(markdown: str) -> str:
    """Return HTML without scripts, styles, pictures or the author's own tags, whatever was written."""
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table")
    tokens = parser.parse(markdown.encode(errors="replace").decode())
    return str(parser.renderer.render([_plain(token) for token in tokens], parser.options, {}))


def _plain(token: Token) -> Token:
    """Return a block that fits below our title and that our content security policy shows as it is."""
    if token.type in ("heading_open", "heading_close"):
        token.tag = f"h{min(6, int(token.tag[1]) + TOP - 1)}"
    token.attrs.pop("style", None)  # how a table's column is aligned
    token.info = ""  # the language of a code block becomes a class
    token.children = list(_safe(token.children)) if token.children else token.children
    return token


def _safe(tokens: Sequence[Token]) -> Iterator[Token]:
    """Yield what stands in a line: pictures as their words, links only to where they may lead."""
    is_open: list[bool] = []
    for token in tokens:
        if token.type == "link_open":
            is_open.append(str(token.attrGet("href") or "").lower().startswith(SAFE))
            token.attrSet("rel", "noopener nofollow")
        if token.type in ("link_open", "link_close"):
            leads = is_open[-1] if token.type == "link_open" else is_open.pop()
            if leads:
                yield token
        elif token.type == "image":
            yield Token("text", "", 0, content=token.content)
        else:
            yield token
