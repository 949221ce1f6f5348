// The read-out's charts once more in ink, as pictures that only the printer shows. charts.js draws those of the page.
(() => {
  "use strict";

  /** What is printed is drawn beforehand: a printer waits for nothing. */
  async function ink(chart) {
    const picture = JSON.parse(document.getElementById(chart.dataset.picture).textContent);
    const { width, height } = picture.layout;
    const image = document.createElement("img");
    image.className = "readout-picture print-only";
    image.alt = chart.getAttribute("aria-label");
    image.width = width;
    image.height = height;
    image.src = await window.gtmCharts.picture(picture, { format: "svg", width, height });
    await image.decode();
    chart.after(image);
    chart.dataset.inked = "true";
  }

  async function start() {
    await window.gtmCharts.drawn;
    for (const chart of document.querySelectorAll("[data-picture]")) await ink(chart);
  }

  document.querySelector("[data-print]")?.addEventListener("click", () => window.print());
  start();
})();
