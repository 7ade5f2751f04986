"""The report's charts as plotly figures, in the form that plotly.js draws.

Colours are the names of the page's CSS variables (``var(--series)``); the page's script puts the
theme's colours in their place, so that one figure serves light, dark and paper.
"""
