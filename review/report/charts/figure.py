"""What all figures share."""

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any, Final

Figure = dict[str, Any]
"""``data`` and ``layout``, as plotly.js takes them."""

TEXT: Final = "var(--text)"
MUTED: Final = "var(--muted)"
LINE: Final = "var(--line)"
SURFACE: Final = "var(--surface)"
NONE: Final = "rgba(0,0,0,0)"

_FONT: Final = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Liberation Sans', sans-serif"

MARGIN: Final = {"l": 58, "r": 14, "t": 12, "b": 34}
"""Pixels around the plots."""


def figure(data: Iterable[Mapping[str, Any]], height: int, **layout: Any) -> Figure:
    """A figure in the page's looks.

    Args:
        data: the traces.
        height: pixels, margins included.
        **layout: what is particular to it.
    """
    return {
        "data": list(data),
        "layout": {
            "height": height,
            "margin": MARGIN,
            "paper_bgcolor": NONE,
            "plot_bgcolor": NONE,
            "font": {"family": _FONT, "size": 12, "color": MUTED},
            "showlegend": False,
            "hovermode": "closest",
            "hoverlabel": {
                "bgcolor": SURFACE,
                "bordercolor": LINE,
                "font": {"color": TEXT},
                "align": "left",
            },
            **layout,
        },
    }


def axis(**particular: Any) -> dict[str, Any]:
    """An axis in the page's looks."""
    return {
        "gridcolor": LINE,
        "linecolor": LINE,
        "zeroline": False,
        # Else an axis that overlays another takes its ticks, at whatever numbers they come to.
        "tickmode": "auto",
        "exponentformat": "none",
        "separatethousands": True,
        **particular,
    }


def label(text: str, **where: Any) -> dict[str, Any]:
    """A text in a figure, as it is: plotly would read some HTML in it."""
    return {
        "text": escape(text, quote=False),
        "showarrow": False,
        "font": {"size": 12, "color": TEXT},
        **where,
    }
