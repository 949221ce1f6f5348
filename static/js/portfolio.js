// The portfolio's chart: a click on a mark opens its segment, a row that is pointed at or focused shows its mark, a box zooms.
(() => {
  "use strict";

  const SVG = "http://www.w3.org/2000/svg";
  const RING = 13; // px
  let chart = null; // the one that is drawn: a narrower view brings another, with its own button
  let reset = null;
  let ring = null;

  const marks = () => chart.data.find((trace) => trace.name === "segments");

  function element(name, parent) {
    const made = document.createElementNS(SVG, name);
    parent.append(made);
    return made;
  }

  function makeRing() {
    ring = document.createElementNS(SVG, "svg");
    ring.setAttribute("class", "portfolio-ring");
    ring.setAttribute("aria-hidden", "true");
    ring.circle = element("circle", ring);
    ring.circle.setAttribute("r", RING);
    ring.words = element("text", ring);
    chart.append(ring);
  }

  /** Rings the mark of a row and says who it is; nothing where it is not drawn, or lies outside what is zoomed into. */
  function show(key) {
    hide();
    if (!chart?.isConnected || chart.dataset.drawn !== "true") return;
    const found = marks();
    const place = found?.customdata?.indexOf(key) ?? -1;
    if (place < 0) return;
    const { x, y } = gtmCharts.pixel(chart, found.x[place], found.y[place]);
    const { _offset: left, _length: width } = chart._fullLayout.xaxis;
    const { _offset: top, _length: height } = chart._fullLayout.yaxis;
    if (x < left || x > left + width || y < top || y > top + height) return;
    if (!ring?.isConnected) makeRing();
    ring.circle.setAttribute("cx", x);
    ring.circle.setAttribute("cy", y);
    ring.words.textContent = new DOMParser().parseFromString(found.hovertext[place], "text/html").documentElement.textContent;
    const isRight = x > left + width / 2;
    ring.words.setAttribute("text-anchor", isRight ? "end" : "start");
    ring.words.setAttribute("x", isRight ? x - RING - 4 : x + RING + 4);
    ring.words.setAttribute("y", y + 4);
    ring.style.display = "";
  }

  function hide() {
    if (ring) ring.style.display = "none";
  }

  const keyOf = (event) => Number(event.target.closest?.("[data-mark]")?.dataset.mark);
  for (const [over, out] of [["pointerover", "pointerout"], ["focusin", "focusout"]]) {
    document.addEventListener(over, (event) => keyOf(event) && show(keyOf(event)));
    document.addEventListener(out, (event) => keyOf(event) && hide());
  }

  /** Listens to a chart that has come; Plotly keeps what listens when it draws again. */
  function begin(found) {
    chart = found;
    reset = chart.parentElement.querySelector("[data-reset]");
    reset.addEventListener("click", () => gtmCharts.draw(chart.parentElement));
    chart.on("plotly_click", ({ points, event }) => {
      const key = points.find((point) => point.customdata)?.customdata;
      if (!key) return;
      const address = chart.dataset.opens.replace("/0/", `/${key}/`);
      if (event.ctrlKey || event.metaKey) window.open(address, "_blank", "noopener");
      else location.assign(address);
    });
    chart.on("plotly_relayout", (changed) => {
      hide();
      if (Object.keys(changed).some((name) => name.includes("range"))) reset.hidden = false;
    });
  }

  document.addEventListener("gtm:drawn", ({ target }) => {
    if (!target.matches("[data-opens]")) return;
    if (target !== chart) begin(target);
    reset.hidden = true;
    hide();
  });
})();
