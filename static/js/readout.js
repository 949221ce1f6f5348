// The read-out's charts: drawn in the page's colours, and once more in ink, as pictures that only the printer shows.
(() => {
  "use strict";

  const WIDE = 600; // px that the wide figure needs
  const SETTINGS = { displayModeBar: false, displaylogo: false, showSendToCloud: false, plotlyServerURL: "", responsive: true, doubleClick: false, staticPlot: true };
  const charts = [...document.querySelectorAll("[data-readout-chart]")];
  const figuresOf = (chart) => JSON.parse(document.getElementById(chart.dataset.readoutChart).textContent);

  /** A copy of a figure with the values of its CSS variables, which Plotly does not know. */
  function coloured(part, styles) {
    if (typeof part === "string") {
      const found = /^var\((--[\w-]+)\)$/.exec(part);
      return found ? styles.getPropertyValue(found[1]).trim() : part;
    }
    if (Array.isArray(part)) return part.map((item) => coloured(item, styles));
    if (part && typeof part === "object") {
      return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, coloured(value, styles)]));
    }
    return part;
  }

  async function draw(chart) {
    const figures = figuresOf(chart);
    const figure = coloured(chart.clientWidth >= WIDE ? figures.wide : figures.page, getComputedStyle(document.documentElement));
    await Plotly.react(chart, figure.data, { ...figure.layout, dragmode: false }, SETTINGS);
    chart.dataset.drawn = "true";
  }

  /** What is printed is drawn beforehand: a printer waits for nothing. */
  async function ink(chart) {
    const { picture } = figuresOf(chart);
    const { width, height } = picture.layout;
    const image = document.createElement("img");
    image.className = "readout-picture print-only";
    image.alt = chart.getAttribute("aria-label");
    image.width = width;
    image.height = height;
    image.src = await Plotly.toImage({ ...picture, config: SETTINGS }, { format: "svg", width, height });
    await image.decode();
    chart.after(image);
    chart.dataset.inked = "true";
  }

  async function start() {
    for (const chart of charts) await draw(chart);
    for (const chart of charts) await ink(chart);
  }

  document.querySelector("[data-print]")?.addEventListener("click", () => window.print());
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => charts.forEach(draw));
  document.addEventListener("DOMContentLoaded", start);
})();
