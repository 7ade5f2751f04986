"use strict";
(() => {
  const PAPER_WIDTH = 680; // CSS pixels between the margins of A4 and of Letter.
  const root = document.documentElement;
  const charts = [...document.querySelectorAll(".chart")];
  const figures = new Map();

  // The figures name colours by CSS variable; plotly.js wants the colours themselves.
  function coloured(value, style) {
    if (typeof value === "string") {
      const name = /^var\((--[a-z-]+)\)$/.exec(value);
      return name ? style.getPropertyValue(name[1]).trim() : value;
    }
    if (Array.isArray(value)) {
      return value.map((item) => coloured(item, style));
    }
    if (value && typeof value === "object") {
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, coloured(item, style)]));
    }
    return value;
  }

  function figureOf(chart) {
    if (!figures.has(chart)) {
      const source = chart.querySelector("script");
      figures.set(chart, JSON.parse(source.textContent));
      source.remove();
    }
    return figures.get(chart);
  }

  function draw(chart, width) {
    try {
      const { data, layout } = coloured(figureOf(chart), getComputedStyle(root));
      if (matchMedia("(pointer: coarse)").matches) {
        layout.dragmode = false; // A finger on a chart scrolls the page.
      }
      const size = width ? { width, autosize: false } : { autosize: true };
      Plotly.react(chart, data, { ...layout, ...size }, { displayModeBar: false, responsive: !width });
      chart.dataset.drawn = "yes";
    } catch (error) {
      chart.dataset.failed = String(error);
      chart.innerHTML = "<p class=failed>This chart could not be drawn; its numbers are in the tables.</p>";
    }
  }

  function redraw() {
    charts.filter((chart) => chart.dataset.drawn).forEach((chart) => draw(chart));
  }

  const coming = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (isIntersecting) {
        coming.unobserve(target);
        draw(target);
      }
    }
  }, { rootMargin: "300px" });
  charts.forEach((chart) => coming.observe(chart));

  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);

  const opened = [];
  addEventListener("beforeprint", () => {
    root.classList.add("printing");
    document.querySelectorAll("details:not([open])").forEach((details) => {
      details.open = true;
      opened.push(details);
    });
    charts.forEach((chart) => draw(chart, PAPER_WIDTH));
  });
  addEventListener("afterprint", () => {
    root.classList.remove("printing");
    opened.splice(0).forEach((details) => { details.open = false; });
    charts.forEach((chart) => draw(chart));
  });
})();
