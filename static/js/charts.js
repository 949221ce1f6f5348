// Charts of any page: every `[data-figure]` is drawn from the JSON script of that id, and again when its region comes anew.
// `gtmCharts`: `draw(region)` draws those inside a region, `drawn` is kept once the page's are, `picture` is a figure's image;
// `pixel` and `value` turn data into px within a drawn chart and back.
(() => {
  "use strict";

  const CONFIG = {
    displayModeBar: false,
    displaylogo: false,
    showTips: false,
    showSendToCloud: false,
    plotlyServerURL: "",
    responsive: true,
    doubleClick: false,
  };
  const WIDE = 600; // px that the wide figure needs

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

  /** A layout in which a mouse draws a box to look into; a finger goes on scrolling the page. */
  function zooming(layout) {
    const canZoom = matchMedia("(pointer: fine)").matches;
    const axis = (each) => ({ ...each, range: [...each.range], fixedrange: !canZoom });
    return { ...layout, dragmode: canZoom && "zoom", xaxis: axis(layout.xaxis), yaxis: axis(layout.yaxis) };
  }

  async function react(chart, figure) {
    const { data, layout } = coloured(figure, getComputedStyle(document.documentElement));
    await Plotly.react(chart, data, "zooms" in chart.dataset ? zooming(layout) : { ...layout, dragmode: false }, CONFIG);
    chart.dataset.drawn = "true";
  }

  const asText = (line) => new DOMParser().parseFromString(line, "text/html").documentElement.textContent;

  /** What could not be drawn, and the names of numbered marks. Figures carry escaped texts, so they are read back as text. */
  function listNotes(chart, list) {
    const { notes = [], key = [] } = chart.layout.meta ?? {};
    list?.replaceChildren(
      ...[...notes, ...key].map((line) => {
        const item = document.createElement("li");
        item.textContent = asText(line);
        return item;
      }),
    );
  }

  // The one place that knows Plotly's inner axes: data to px within the chart, and back. Held by a test.
  function pixelIn(chart, x, y) {
    const { xaxis, yaxis } = chart._fullLayout;
    const [low, high] = chart.layout.meta?.acv_ends ?? [-Infinity, Infinity];
    const held = Math.min(Math.max(y, low), high);
    return { x: xaxis._offset + xaxis.d2p(x), y: yaxis._offset + yaxis.d2p(held), isAbove: y > high, isBelow: y < low };
  }

  function valueAt(chart, x, y) {
    const { xaxis, yaxis } = chart._fullLayout;
    return { x: xaxis.p2d(x - xaxis._offset), y: yaxis.p2d(y - yaxis._offset) };
  }

  const drawnOnes = new Set();

  /** Draws the charts of a region, and says so on each: `gtm:drawn`. Those of a region that has been replaced are let go of. */
  async function drawRegion(region = document, { isNew = false } = {}) {
    if (!window.Plotly) return; // a region that came before it did: all is drawn once the page's scripts are there
    for (const chart of [...drawnOnes].filter((each) => !each.isConnected)) {
      Plotly.purge(chart); // or its listener of the window's size keeps it
      drawnOnes.delete(chart);
    }
    for (const chart of region.querySelectorAll("[data-figure]")) {
      if (isNew && chart.dataset.drawn === "true") continue; // kept, since it shows the same
      const isWide = chart.clientWidth >= WIDE && chart.dataset.wideFigure;
      const source = document.getElementById(isWide ? chart.dataset.wideFigure : chart.dataset.figure);
      if (!source || !chart.clientWidth) continue; // in a closed part of the page: drawn when it opens
      const figure = JSON.parse(source.textContent);
      const height = figure.layout.meta?.height;
      if (height) chart.style.height = `${height}px`;
      chart.dataset.isWide = String(Boolean(isWide));
      drawnOnes.add(chart);
      await react(chart, figure);
      listNotes(chart, chart.parentElement.querySelector("[data-chart-notes]"));
      chart.dispatchEvent(new CustomEvent("gtm:drawn", { bubbles: true }));
    }
  }

  const imageOf = (figure, options) => Plotly.toImage({ ...figure, config: CONFIG }, options);
  const drawn = new Promise((keep) => document.addEventListener("DOMContentLoaded", () => keep(drawRegion())));

  window.gtmCharts = { draw: drawRegion, drawn, picture: imageOf, pixel: pixelIn, value: valueAt };

  const REPLACED = { "gtm:own-replaced": "own", "gtm:frame-replaced": "frame" };
  for (const [name, id] of Object.entries(REPLACED)) {
    document.addEventListener(name, () => drawRegion(document.getElementById(id) ?? document, { isNew: true }));
  }
  document.addEventListener("toggle", (event) => event.target.open && drawRegion(event.target), true);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => drawRegion());
  // A phone that was turned, or a window that was made smaller, needs the other figure.
  addEventListener("resize", () => {
    for (const chart of document.querySelectorAll("[data-figure][data-is-wide]")) {
      const isWide = String(Boolean(chart.clientWidth >= WIDE && chart.dataset.wideFigure));
      if (isWide !== chart.dataset.isWide) drawRegion(chart.parentElement);
    }
  });

  // --- The scenario page's chart: drawn once; the selected segment's mark is ours and moves without a redraw ---

  const chart = document.getElementById("chart");
  if (!chart) return;

  const pixel = (x, y) => pixelIn(chart, x, y);
  const PICTURE = { format: "png", width: 1920, height: 1080, scale: 2 };
  const isWide = chart.clientWidth >= WIDE;
  const LONGEST_LABEL = isWide ? 26 : 16; // characters
  const SVG = "http://www.w3.org/2000/svg";
  const HEAD = { length: 10, half: 4 }; // px, of an arrow
  const STANDOFF = 9; // px, between the centre of a mark and an arrow's end
  const RING = 3; // px, radius of a guide's end
  const END_MARGIN = 0.005; // of the ACV's axis, as in the picture
  const SHAPES = { keep: "M0-10 10 0 0 10-10 0z", specialize: "M-8 0a8 8 0 1 0 16 0a8 8 0 1 0-16 0", undecided: "M-7-7h14v14h-14z" };

  const said = document.getElementById("chart-said");
  const notes = document.getElementById("chart-notes");
  const ownTitle = document.getElementById("chart-own-title");
  const title = () => document.getElementById("chart-title");
  const ROLES = "responsibilities-map";
  const figures = new Map();
  let shown = chart.dataset.chart; // which has been drawn
  let wanted = shown; // which was asked for last
  const stale = new Set(); // which have changed since they came
  let asked = 0;
  let place = {};

  // --- Drawing ----------------------------------------------------------------------------------

  async function draw() {
    await react(chart, figures.get(shown));
    tellNotes();
    placeAnew();
  }

  /** After Plotly has laid the figure out: when it is drawn, and when the window gave it another size. */
  function placeAnew() {
    readObstacles();
    placeMark();
  }

  function tellNotes() {
    ownTitle.textContent = shown === ROLES ? asText(chart.layout.meta?.title ?? "") : ""; // the other two show what the page's title says
    listNotes(chart, notes);
  }

  /** Shows a chart once it has come, unless another has been asked for by then; the former one stays until then, and if it fails. */
  async function show(name) {
    wanted = name;
    const turn = ++asked;
    if (!figures.has(name) || stale.has(name)) {
      let figure;
      try {
        figure = await load(`${addressOf(name)}?look=${isWide ? "wide-page" : "page"}`);
      } catch (error) {
        if (turn === asked) {
          wanted = shown;
          said.textContent = error.message;
        }
        return;
      }
      if (turn !== asked) return;
      figures.set(name, figure);
      stale.delete(name);
    }
    shown = name;
    said.textContent = "";
    for (const tab of document.querySelectorAll(".chart-tab")) {
      tab.setAttribute("aria-pressed", String(tab.dataset.chart === name));
    }
    mark?.remove();
    mark = null;
    await draw();
  }

  const addressOf = (name) => chart.dataset.url.replace("CHART", name);

  async function load(address) {
    const failure = new Error("The chart could not be loaded. Try again.");
    const response = await fetch(address, { headers: { Accept: "application/json" } }).catch(() => {
      throw failure;
    });
    if (!response.ok) throw failure;
    return response.json();
  }

  // --- The mark ---------------------------------------------------------------------------------

  let mark = null;

  function element(name, attributes, parent) {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    parent.append(made);
    return made;
  }

  function makeMark() {
    mark = document.createElementNS(SVG, "svg");
    mark.setAttribute("class", "chart-mark");
    mark.setAttribute("aria-hidden", "true");
    mark.parts = {
      arrows: element("path", { class: "arrow" }, mark),
      heads: element("path", { class: "arrow-head" }, mark),
      guides: element("path", { class: "guide" }, mark),
      ends: element("path", { class: "guide-end" }, mark),
    };
    mark.parts.spot = element("g", {}, mark);
    element("circle", { class: "halo", r: 18 }, mark.parts.spot);
    mark.parts.dot = element("path", { class: "dot" }, mark.parts.spot);
    mark.parts.label = element("text", {}, mark.parts.spot);
    chart.append(mark);
  }

  function target() {
    const data = title().dataset;
    if (shown === "coverage-map") {
      const acv = place.acv ?? (data.acv ? Number(data.acv) : null);
      const motion = place.motion ?? (data.motion ? Number(data.motion) : null);
      return acv > 0 && motion !== null ? { x: Math.min(Math.max(motion, 0), 100), y: acv } : null;
    }
    if (shown === "ownership-quadrant" && data.share) {
      const x = Number(data.share) * 100;
      if (data.low) return { x, y: (Number(data.low) + Number(data.high)) / 2 };
      // Unknown and not asked, since the first sale captured the value: the lane beneath.
      if (document.getElementById("verdict")?.dataset.asks === "no") return { x, y: chart.layout.meta.lane };
    }
    return null;
  }

  function placeMark() {
    if (chart.dataset.drawn !== "true" || !("selectedLabel" in chart.dataset)) return;
    const at = target();
    if (!mark || !mark.isConnected) makeMark();
    mark.style.display = at ? "" : "none";
    tellAbsent(!at);
    if (!at) return;
    const { parts } = mark;
    const spot = pixel(at.x, at.y);
    parts.spot.setAttribute("transform", `translate(${spot.x} ${spot.y})`);
    parts.dot.setAttribute("d", SHAPES[title().dataset.sign] ?? SHAPES.undecided);
    const arrow = spot.isAbove ? " ↑" : spot.isBelow ? " ↓" : "";
    const name = chart.dataset.selectedLabel;
    const text = `${name.length > LONGEST_LABEL ? `${name.slice(0, LONGEST_LABEL - 1)}…` : name}${arrow}`;
    if (parts.label.textContent !== text) {
      parts.label.textContent = text;
      parts.room = parts.label.getComputedTextLength() + 14; // only now: to measure is to lay the whole page out
    }
    const corner = freeCorner(spot, parts.room);
    parts.label.setAttribute("x", corner.x);
    parts.label.setAttribute("y", corner.y);
    parts.label.setAttribute("text-anchor", corner.x < 0 ? "end" : "start");
    placeGuides(at, spot);
    placeArrows(spot);
  }

  // Beside the guides, which leave the mark to the four sides; the first that hides nothing is taken.
  const CORNERS = [{ x: 13, y: -12 }, { x: 13, y: 22 }, { x: -13, y: -12 }, { x: -13, y: 22 }];
  const LINE = 16; // px, height of the label
  let obstacles = [];

  /** Where the figure's own texts and marks are: read once a drawing, so that moving the mark measures nothing. */
  function readObstacles() {
    const origin = chart.getBoundingClientRect();
    obstacles = [...chart.querySelectorAll(".annotation-text, .textpoint text, .points .point")].map((each) => {
      const { left, top, right, bottom } = each.getBoundingClientRect();
      return { left: left - origin.left, top: top - origin.top, right: right - origin.left, bottom: bottom - origin.top };
    });
  }

  function freeCorner(spot, room) {
    const { width, height } = chart._fullLayout;
    const overlap = ({ x, y }) => {
      const left = x < 0 ? spot.x - room : spot.x + x;
      const [right, bottom] = [left + room, spot.y + y + 4];
      const top = bottom - LINE;
      if (left < 0 || right > width || top < 0 || bottom > height) return Infinity;
      return obstacles.filter((each) => each.left < right && each.right > left && each.top < bottom && each.bottom > top).length;
    };
    const overlaps = CORNERS.map(overlap);
    return CORNERS[overlaps.indexOf(Math.min(...overlaps))];
  }

  /** Says why the mark is nowhere, for as long as it is. */
  function tellAbsent(isAbsent) {
    const told = notes.querySelector("[data-absent]");
    const why = chart.layout.meta?.absent;
    if (!isAbsent || !why) {
      told?.remove();
    } else if (!told) {
      const item = document.createElement("li");
      item.dataset.absent = "";
      item.textContent = `${chart.dataset.selectedLabel}: ${why}`;
      notes.prepend(item);
    }
  }

  /** Dashed lines from the mark: to the border where the team changes, along both axes; or over the range of an open difficulty. */
  function placeGuides(at, spot) {
    const data = title().dataset;
    let guides = "";
    let ends = "";
    const ring = (x, y) => `M${x - RING} ${y}a${RING} ${RING} 0 1 0 ${2 * RING} 0a${RING} ${RING} 0 1 0 ${-2 * RING} 0`;
    if (shown === "coverage-map" && data.borderMotion) {
      const border = pixel(Number(data.borderMotion), at.y);
      guides += `M${spot.x} ${spot.y}H${border.x}`;
      ends += ring(border.x, spot.y);
    }
    if (shown === "coverage-map" && data.borderAcv) {
      const acv = Number(data.borderAcv);
      const [low, high] = chart.layout.meta.acv_ends;
      // A border that meets the axis at its very end is not crossed by any ACV on the chart.
      if (low * (1 + END_MARGIN) < acv && acv < high * (1 - END_MARGIN)) {
        const border = pixel(at.x, acv);
        guides += `M${spot.x} ${spot.y}V${border.y}`;
        ends += ring(spot.x, border.y);
      }
    }
    if (shown === "ownership-quadrant" && data.low !== data.high) {
      guides = `M${spot.x} ${pixel(at.x, Number(data.low)).y}V${pixel(at.x, Number(data.high)).y}`;
    }
    mark.parts.guides.setAttribute("d", guides);
    mark.parts.ends.setAttribute("d", ends);
  }

  /** The arrows between today and its plans that end at the mark: the other ends stand still. */
  function placeArrows(spot) {
    const { from = [], to = [] } = chart.layout.meta?.arrows ?? {};
    const lines = [];
    const heads = [];
    const point = (start, end) => {
      const length = Math.hypot(end.x - start.x, end.y - start.y);
      if (length < 2 * STANDOFF + HEAD.length) return; // the marks touch
      const [x, y] = [(end.x - start.x) / length, (end.y - start.y) / length];
      const tip = { x: end.x - x * STANDOFF, y: end.y - y * STANDOFF };
      const foot = { x: tip.x - x * HEAD.length, y: tip.y - y * HEAD.length };
      lines.push(`M${start.x + x * STANDOFF} ${start.y + y * STANDOFF}L${foot.x} ${foot.y}`);
      heads.push(`M${tip.x} ${tip.y}L${foot.x - y * HEAD.half} ${foot.y + x * HEAD.half}L${foot.x + y * HEAD.half} ${foot.y - x * HEAD.half}z`);
    };
    for (const [motion, acv] of from) point(pixel(motion, acv), spot);
    for (const [motion, acv] of to) point(spot, pixel(motion, acv));
    mark.parts.arrows.setAttribute("d", lines.join(""));
    mark.parts.heads.setAttribute("d", heads.join(""));
  }

  document.addEventListener("gtm:moved", (event) => {
    place = event.detail;
    placeMark();
  });
  document.addEventListener("htmx:after:swap", () => {
    placeMark();
    renewRoles();
  });

  // Who does what is drawn from the advice alone, so it is fetched anew when the advice names other roles.
  const rolesNow = () => document.getElementById("levers")?.dataset.fp;
  let roles = rolesNow();

  function renewRoles() {
    if (rolesNow() === roles) return;
    roles = rolesNow();
    stale.add(ROLES);
    if (wanted === ROLES) show(ROLES);
  }

  // --- Pictures ---------------------------------------------------------------------------------

  function blobOf(address) {
    const [head, body] = address.split(",");
    const bytes = Uint8Array.from(atob(body), (character) => character.charCodeAt(0));
    return new Blob([bytes], { type: /data:(.*?);/.exec(head)[1] });
  }

  /** The board's picture: the figure that the server draws too, in its own size whatever the window. */
  async function picture() {
    return blobOf(await imageOf(await load(addressOf(shown)), PICTURE));
  }

  function download(blob) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = `${chart.dataset.fileName ?? "chart"}-${shown}.png`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  }

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-png], .chart-tab");
    if (!button) return;
    try {
      if (button.dataset.chart) {
        await show(button.dataset.chart);
      } else if (button.dataset.png === "copy") {
        await navigator.clipboard.write([new ClipboardItem({ "image/png": picture() })]);
        said.textContent = "Copied. Paste it into the deck.";
      } else {
        said.textContent = "Drawing…";
        download(await picture());
        said.textContent = "Downloaded.";
      }
    } catch (error) {
      said.textContent = button.dataset.png === "copy" ? "This browser does not copy pictures: download it instead." : error.message;
    }
  });

  // --- Start ------------------------------------------------------------------------------------

  async function start() {
    figures.set(shown, JSON.parse(document.getElementById(isWide ? "wide-figure" : "figure").textContent));
    chart.dataset.drawn = "false";
    await draw();
    chart.on("plotly_afterplot", placeAnew);
  }

  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  document.addEventListener("DOMContentLoaded", start);
})();
