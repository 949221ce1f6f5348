// Charts: drawn once by Plotly; the selected segment's mark is ours and moves without a redraw.
(() => {
  "use strict";

  const chart = document.getElementById("chart");
  if (!chart) return;

  const PICTURE = { format: "png", width: 1920, height: 1080, scale: 2 };
  const CONFIG = {
    displayModeBar: false,
    displaylogo: false,
    showSendToCloud: false,
    plotlyServerURL: "",
    responsive: true,
    doubleClick: false,
  };
  const isWide = chart.clientWidth >= 600; // px that the wide figure needs
  const LONGEST_LABEL = isWide ? 26 : 16; // characters
  const SVG = "http://www.w3.org/2000/svg";
  const SHAPES = { keep: "M0-10 10 0 0 10-10 0z", specialize: "M-8 0a8 8 0 1 0 16 0a8 8 0 1 0-16 0", undecided: "M-7-7h14v14h-14z" };

  const said = document.getElementById("chart-said");
  const notes = document.getElementById("chart-notes");
  const title = () => document.getElementById("chart-title");
  const figures = new Map();
  let shown = chart.dataset.chart;
  let place = {};

  // --- Drawing ----------------------------------------------------------------------------------

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

  async function draw() {
    const figure = coloured(figures.get(shown), getComputedStyle(document.documentElement));
    await Plotly.react(chart, figure.data, { ...figure.layout, dragmode: false }, CONFIG);
    chart.dataset.drawn = "true";
    tellNotes(figure.layout.meta ?? {});
    placeMark();
  }

  /** What could not be drawn, and the names of numbered marks. Figures carry escaped texts, so they are read back as text. */
  function tellNotes({ notes: told = [], key = [] }) {
    notes.replaceChildren(
      ...[...told, ...key].map((line) => {
        const item = document.createElement("li");
        item.textContent = new DOMParser().parseFromString(line, "text/html").documentElement.textContent;
        return item;
      }),
    );
  }

  async function show(name) {
    shown = name;
    for (const tab of document.querySelectorAll(".chart-tab")) {
      tab.setAttribute("aria-pressed", String(tab.dataset.chart === name));
    }
    mark?.remove();
    mark = null;
    if (!figures.has(name)) figures.set(name, await load(`${addressOf(name)}?look=${isWide ? "wide-page" : "page"}`));
    await draw();
  }

  const addressOf = (name) => chart.dataset.url.replace("CHART", name);

  async function load(address) {
    const response = await fetch(address, { headers: { Accept: "application/json" } });
    if (!response.ok) throw new Error("The chart could not be loaded. Reload the page.");
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
    mark.parts = { across: element("path", { class: "guide" }, mark), range: element("path", { class: "guide" }, mark) };
    mark.parts.spot = element("g", {}, mark);
    element("circle", { class: "halo", r: 18 }, mark.parts.spot);
    mark.parts.dot = element("path", { class: "dot" }, mark.parts.spot);
    mark.parts.label = element("text", {}, mark.parts.spot);
    chart.append(mark);
  }

  // The one place that knows Plotly's inner axes: data to px within the chart. Held by a test.
  function pixel(x, y) {
    const { xaxis, yaxis } = chart._fullLayout;
    const [low, high] = chart.layout.meta?.acv_ends ?? [-Infinity, Infinity];
    const held = Math.min(Math.max(y, low), high);
    return { x: xaxis._offset + xaxis.d2p(x), y: yaxis._offset + yaxis.d2p(held), isAbove: y > high, isBelow: y < low, };
  }

  function target() {
    const data = title().dataset;
    if (shown === "coverage-map") {
      const acv = place.acv ?? (data.acv ? Number(data.acv) : null);
      const motion = place.motion ?? (data.motion ? Number(data.motion) : null);
      return acv > 0 && motion !== null ? { x: Math.min(Math.max(motion, 0), 100), y: acv } : null;
    }
    if (shown === "ownership-quadrant" && data.share && data.low) {
      return { x: Number(data.share) * 100, y: (Number(data.low) + Number(data.high)) / 2 };
    }
    return null;
  }

  function placeMark() {
    if (chart.dataset.drawn !== "true" || !("selectedLabel" in chart.dataset)) return;
    const at = target();
    if (!mark || !mark.isConnected) makeMark();
    mark.style.display = at ? "" : "none";
    if (!at) return;
    const { parts } = mark;
    const spot = pixel(at.x, at.y);
    parts.spot.setAttribute("transform", `translate(${spot.x} ${spot.y})`);
    parts.dot.setAttribute("d", SHAPES[title().dataset.sign] ?? SHAPES.undecided);
    const arrow = spot.isAbove ? " ↑" : spot.isBelow ? " ↓" : "";
    const name = chart.dataset.selectedLabel;
    const text = `${name.length > LONGEST_LABEL ? `${name.slice(0, LONGEST_LABEL - 1)}…` : name}${arrow}`;
    if (parts.label.textContent !== text) parts.label.textContent = text;
    const room = parts.label.getComputedTextLength() + 20;
    const isLeft = spot.x + room > chart.clientWidth && spot.x > room;
    parts.label.setAttribute("x", isLeft ? -16 : 16);
    parts.label.setAttribute("y", spot.y < 24 ? 18 : 4.5);
    parts.label.setAttribute("text-anchor", isLeft ? "end" : "start");
    placeGuide(at, spot);
  }

  /** A dashed line from the mark to the border where the team changes. */
  function placeGuide(at, spot) {
    const data = title().dataset;
    let across = "";
    if (shown === "coverage-map" && data.borderMotion) {
      const border = pixel(Number(data.borderMotion), at.y);
      across = `M${spot.x} ${spot.y}H${border.x}`;
    }
    if (shown === "ownership-quadrant" && data.low !== data.high) {
      across = `M${spot.x} ${pixel(at.x, Number(data.low)).y}V${pixel(at.x, Number(data.high)).y}`;
    }
    mark.parts.across.setAttribute("d", across);
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
  const ROLES = "responsibilities-map";
  const rolesNow = () => document.getElementById("levers")?.dataset.fp;
  let roles = rolesNow();

  function renewRoles() {
    if (rolesNow() === roles) return;
    roles = rolesNow();
    figures.delete(ROLES);
    if (shown === ROLES) show(ROLES);
  }

  // --- Pictures ---------------------------------------------------------------------------------

  function blobOf(address) {
    const [head, body] = address.split(",");
    const bytes = Uint8Array.from(atob(body), (character) => character.charCodeAt(0));
    return new Blob([bytes], { type: /data:(.*?);/.exec(head)[1] });
  }

  /** The board's picture: the figure that the server draws too, in its own size whatever the window. */
  async function picture() {
    const figure = await load(addressOf(shown));
    return blobOf(await Plotly.toImage({ ...figure, config: CONFIG }, PICTURE));
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
    chart.on("plotly_afterplot", placeMark);
  }

  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  document.addEventListener("DOMContentLoaded", start);
})();
