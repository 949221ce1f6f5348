// The portfolio's chart: a click on a mark opens its segment, a row that is pointed at or focused shows its mark, arrow keys go from mark
// to mark, a box zooms.
(() => {
  "use strict";

  const SVG = "http://www.w3.org/2000/svg";
  const AROUND = 8; // px from a mark to its ring: outside the ring that says that today differs
  const BESIDE = 6; // px from the ring to the label
  let chart = null; // the one that is drawn
  let ring = null;
  let label = null;
  let walked = -1; // the mark that the arrow keys have come to

  const beside = (what) => chart.parentElement.querySelector(what);
  const marks = () => chart?.isConnected && chart.dataset.drawn === "true" && chart.data.find((trace) => trace.name === "segments");

  function makeRing() {
    ring = document.createElementNS(SVG, "svg");
    ring.setAttribute("class", "portfolio-ring");
    ring.circle = document.createElementNS(SVG, "circle");
    ring.append(ring.circle);
    label = document.createElement("p");
    label.className = "portfolio-label";
    for (const each of [ring, label]) each.setAttribute("aria-hidden", "true"); // said by the row, or announced
    chart.append(ring, label);
  }

  const lines = (hover) => hover.split("<br>").map((line) => new DOMParser().parseFromString(line, "text/html").documentElement.textContent);

  /** Where a mark is within the chart, px; null where it lies outside what is zoomed into. */
  function spotOf(found, place) {
    const { x, y } = gtmCharts.pixel(chart, found.x[place], found.y[place]);
    const { _offset: left, _length: width } = chart._fullLayout.xaxis;
    const { _offset: top, _length: height } = chart._fullLayout.yaxis;
    return x < left || x > left + width || y < top || y > top + height ? null : { x, y };
  }

  /** Rings a mark and says who it is. */
  function show(found, place) {
    hide();
    const spot = place < 0 ? null : spotOf(found, place);
    if (!spot) return;
    if (!ring?.isConnected) makeRing();
    const radius = found.marker.size[place] / 2 + AROUND;
    ring.circle.setAttribute("cx", spot.x);
    ring.circle.setAttribute("cy", spot.y);
    ring.circle.setAttribute("r", radius);
    label.textContent = lines(found.hovertext[place]).join("\n");
    ring.style.display = label.style.display = "";
    placeLabel(spot, radius + BESIDE);
  }

  /** Beside the mark where there is room for it, else over or under it. */
  function placeLabel({ x, y }, reach) {
    const [width, height] = [label.offsetWidth + 1, label.offsetHeight]; // which rounds down what the browser lays out
    const within = (start, size, room) => Math.max(0, Math.min(start, room - size));
    const fitsRight = x + reach + width <= chart.clientWidth;
    const fitsLeft = x - reach - width >= 0;
    const left = fitsRight ? x + reach : fitsLeft ? x - reach - width : within(x - width / 2, width, chart.clientWidth);
    const level = within(y - height / 2, height, chart.clientHeight);
    const top = fitsRight || fitsLeft ? level : y - reach - height >= 0 ? y - reach - height : y + reach;
    label.style.left = `${left}px`;
    label.style.top = `${top}px`;
  }

  function hide() {
    if (ring) ring.style.display = label.style.display = "none";
  }

  function forget() {
    walked = -1;
    hide();
  }

  // --- Rows ---------------------------------------------------------------------------------------

  function showRow(key) {
    const found = marks();
    if (found) show(found, found.customdata?.indexOf(key) ?? -1);
  }

  const keyOf = (event) => Number(event.target.closest?.("[data-mark]")?.dataset.mark);
  for (const [over, out] of [["pointerover", "pointerout"], ["focusin", "focusout"]]) {
    document.addEventListener(over, (event) => keyOf(event) && showRow(keyOf(event)));
    document.addEventListener(out, (event) => keyOf(event) && hide());
  }

  // --- Keys ---------------------------------------------------------------------------------------

  // By which axis, and how far: a key goes on in its direction until all marks have been met.
  const STEPS = { ArrowRight: ["x", 1], ArrowLeft: ["x", -1], ArrowUp: ["y", 1], ArrowDown: ["y", -1], Home: ["x", -Infinity], End: ["x", Infinity] };

  function walk(found, axis, step) {
    const other = axis === "x" ? "y" : "x";
    const places = [...found.x.keys()].filter((place) => spotOf(found, place));
    places.sort((one, two) => found[axis][one] - found[axis][two] || found[other][one] - found[other][two] || one - two);
    const from = places.indexOf(walked);
    const last = places.length - 1;
    const start = from >= 0 || !Number.isFinite(step) ? Math.max(from, 0) + step : step > 0 ? 0 : last;
    walked = places[Math.max(0, Math.min(start, last))] ?? -1;
    show(found, walked);
    if (walked >= 0) beside("[data-mark-said]").textContent = lines(found.hovertext[walked]).join(". ");
  }

  document.addEventListener("keydown", (event) => {
    const found = event.target === chart && marks();
    if (!found || event.altKey) return;
    if (event.key in STEPS && !event.ctrlKey && !event.metaKey) walk(found, ...STEPS[event.key]);
    else if (event.key === "Enter" && walked >= 0 && spotOf(found, walked)) open(found.customdata[walked], event);
    else if (event.key === "Escape") forget();
    else return;
    event.preventDefault();
  });
  document.addEventListener("focusin", (event) => event.target === chart && marks() && chart.matches(":focus-visible") && show(marks(), walked));
  document.addEventListener("focusout", (event) => event.target === chart && hide());

  // --- Drawing ------------------------------------------------------------------------------------

  function open(key, event) {
    const address = chart.dataset.opens.replace("/0/", `/${key}/`);
    if (event.ctrlKey || event.metaKey) window.open(address, "_blank", "noopener");
    else location.assign(address);
  }

  document.addEventListener("gtm:drawn", (event) => {
    if (!event.target.matches("[data-opens]")) return;
    const isHeard = chart === event.target; // Plotly keeps what listens when it draws again
    chart = event.target;
    beside("[data-reset]").hidden = true;
    hide();
    if (isHeard) return;
    walked = -1;
    if (marks()) {
      chart.tabIndex = 0;
      chart.setAttribute("role", "application"); // so that a screen reader leaves the arrow keys to it
      chart.setAttribute("aria-roledescription", "chart");
      chart.setAttribute("aria-describedby", chart.dataset.keys);
    }
    chart.on("plotly_click", ({ points, event }) => {
      const key = points.find((point) => point.customdata)?.customdata;
      if (key) open(key, event);
    });
    chart.on("plotly_relayout", (changed) => {
      hide();
      if (Object.keys(changed).some((name) => name.includes("range"))) beside("[data-reset]").hidden = false;
    });
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-reset]")) gtmCharts.draw(chart.parentElement);
  });
})();
