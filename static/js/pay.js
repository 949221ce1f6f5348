// The pay plans: charts are drawn again when a change has brought their figures (charts.js draws them first), and a slider moves an assumption.
(() => {
  "use strict";

  const PAUSE = 200; // ms that a slider stands still before it is asked for
  const form = document.getElementById("pay");
  const slider = form.querySelector("[data-slides]");
  const said = slider.parentElement.querySelector("output span");
  const fields = () => form.querySelectorAll(`[name="${slider.dataset.slides}"]`);
  let timer = 0;

  document.addEventListener("htmx:after:swap", () => gtmCharts.draw(document.getElementById("pay-charts")));

  // What is slid to is taken for known: low, typical and high are the same.
  slider.addEventListener("input", () => {
    said.textContent = slider.value;
    for (const field of fields()) field.value = slider.value;
    clearTimeout(timer);
    timer = setTimeout(() => slider.dispatchEvent(new Event("change", { bubbles: true })), PAUSE);
  });

  // The browser's own comes at every press of a key.
  slider.addEventListener("change", (event) => event.isTrusted && event.stopPropagation());

  form.addEventListener("change", (event) => {
    clearTimeout(timer);
    if (event.target.name !== slider.dataset.slides) return;
    const typical = parseFloat(fields()[1].value);
    if (typical >= 0 && typical <= 100) said.textContent = slider.value = Math.round(typical);
  });
})();
