"""What a browser measures of an open report."""

from typing import Final

LOOKS: Final = """
(() => {
  const number = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((v) => {
      const s = v / 255;
      return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  // https://www.w3.org/TR/WCAG21/#dfn-contrast-ratio
  const contrast = (one, other) => {
    const [high, low] = [light(one), light(other)].sort((a, b) => b - a);
    return (high + 0.05) / (low + 0.05);
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const [r, g, b, a = 1] = number(getComputedStyle(at).backgroundColor);
      if (a > 0) {
        return [r, g, b];
      }
    }
    return [255, 255, 255];
  };
  const texts = [...document.body.querySelectorAll("*")].filter((element) =>
    !element.closest("script, style, noscript") &&
    [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()) &&
    element.getClientRects().length);
  const faint = texts.flatMap((element) => {
    const style = getComputedStyle(element);
    const ink = number(element.closest("svg") ? style.fill : style.color);
    const found = contrast(ink, behind(element));
    return found < 4.5 ? [`${element.textContent.trim().slice(0, 40)}: ${found.toFixed(2)}`] : [];
  });
  const charts = [...document.querySelectorAll(".chart")];
  const labels = (chart) => [...chart.querySelectorAll("svg text")]
    .map((text) => ({ text, box: text.getBoundingClientRect() }))
    .filter(({ text, box }) => text.textContent.trim() && box.width);
  const clipped = charts.flatMap((chart) => {
    const frame = chart.getBoundingClientRect();
    return labels(chart).filter(({ box }) =>
      box.left < frame.left - 1 || box.right > frame.right + 1 ||
      box.top < frame.top - 1 || box.bottom > frame.bottom + 1
    ).map(({ text }) => text.textContent);
  });
  const overlapping = charts.flatMap((chart) => {
    const all = labels(chart);
    return all.flatMap((one, at) => all.slice(at + 1).filter((other) =>
      // Boxes are a little larger than the letters in them.
      Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left) > 1 &&
      Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top) > 3
    ).map((other) => `${one.text.textContent} / ${other.text.textContent}`));
  });
  return {
    charts: charts.map((chart) => {
      const box = chart.getBoundingClientRect();
      return {
        failed: chart.dataset.failed ?? null,
        paths: chart.querySelectorAll("svg path[d]:not([d=''])").length,
        texts: chart.querySelectorAll("svg text").length,
        left: box.left + scrollX,
        top: box.top + scrollY,
        width: box.width,
      };
    }),
    scroll_width: document.documentElement.scrollWidth,
    inner_width: innerWidth,
    texts: texts.length,
    faint,
    clipped,
    overlapping,
  };
})()
"""
"""A script whose value is what the tests look at."""
