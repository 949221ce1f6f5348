// The charts of the pay plans are drawn again when a change has brought their figures. charts.js draws them first.
(() => {
  "use strict";

  document.addEventListener("htmx:after:swap", () => gtmCharts.draw(document.getElementById("pay-charts")));
})();
