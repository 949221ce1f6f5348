// Placing the segment on the coverage map: a tap, a drag of the mark, the two sliders and the two number fields are one answer.
// A form that comes anew (`gtm:own-replaced`) works as the first one did: everything is listened for on the document.
(() => {
  "use strict";

  const SCALES = { k: 1e3, m: 1e6, b: 1e9 };
  const STOPS = [[12.5, "self-serve"], [37.5, "between self-serve and sales-assisted"], [62.5, "sales-assisted"], [87.5, "between sales-assisted and complex"], [101, "complex deployment"]];
  const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowDown: -1, ArrowUp: 1 };
  const MOTION_STEP = 1; // points that an arrow key moves
  const ACV_STEP = 1.1; // times: the least that two digits always show

  const part = (root, selector) => root.querySelector(selector);
  const field = (root, name) => part(root, `input[name="${name}"]`);
  const slider = (root, name) => part(root, `[data-for="${name}"]`);
  const chartOf = (root) => part(root, ".placing-chart");
  const markOf = (root) => part(root, "[data-placing-mark]");

  /** The number in a field as the server reads it: 41,000; 41k; ~30k. Null while it is none. */
  function numberIn(control) {
    const text = control.value.trim().toLowerCase().replace(/[\s,$%~]|usd/g, "");
    const found = /^(-?\d*\.?\d+)([kmb]?)$/.exec(text);
    return found ? Number(found[1]) * (SCALES[found[2]] ?? 1) : null;
  }

  /** Two significant digits of an ACV, whole points of a motion: finer than anybody places by hand. */
  function rounded(name, value) {
    if (name === "motion") return String(Math.round(Math.min(Math.max(value, 0), 100)));
    const step = 10 ** Math.max(Math.floor(Math.log10(value)) - 1, 0);
    return (Math.round(value / step) * step).toLocaleString("en-US");
  }

  function scaleOf(control) {
    const [low, high] = [Number(control.dataset.low), Number(control.dataset.high)];
    const isLog = "log" in control.dataset;
    return {
      value: (place) => (isLog ? low * (high / low) ** (place / 100) : low + ((high - low) * place) / 100),
      place: (value) => {
        const held = Math.min(Math.max(value, low), high);
        return 100 * (isLog ? Math.log(held / low) / Math.log(high / low) : (held - low) / (high - low));
      },
    };
  }

  // --- From the answer to everything that shows it -------------------------------------------------

  function speak(control, name, value) {
    const words = value === null ? "not answered" : name === "acv" ? `$${rounded("acv", value)} a year` : `${STOPS.find(([end]) => value < end)[1]}, ${rounded("motion", value)} of 100`;
    control.setAttribute("aria-valuetext", words);
  }

  function show(root) {
    for (const name of ["acv", "motion"]) {
      const control = slider(root, name);
      const value = numberIn(field(root, name));
      control.toggleAttribute("data-blank", value === null);
      if (value !== null) control.value = scaleOf(control).place(value);
      speak(control, name, value);
    }
    placeMark(root);
  }

  function placeMark(root) {
    const chart = chartOf(root);
    const mark = markOf(root);
    const [acv, motion] = [numberIn(field(root, "acv")), numberIn(field(root, "motion"))];
    mark.hidden = chart.dataset.drawn !== "true" || !(acv > 0) || motion === null;
    if (mark.hidden) return;
    const at = window.gtmCharts.pixel(chart, Math.min(Math.max(motion, 0), 100), acv);
    mark.style.transform = `translate(${at.x}px, ${at.y}px)`;
    mark.classList.toggle("at-right", at.x > chart.clientWidth * 0.6);
    part(mark, "[data-placing-label]").textContent = at.isAbove ? "Your place ↑" : at.isBelow ? "Your place ↓" : "Your place";
  }

  /** An answer that did not come from typing goes into its field, and says so as typing would. */
  function put(root, name, value) {
    const control = field(root, name);
    const text = rounded(name, value);
    if (control.value === text) return;
    control.value = text;
    control.dispatchEvent(new Event("input", { bubbles: true }));
  }

  document.addEventListener("input", (event) => {
    const root = event.target.closest("[data-placing]");
    if (!root) return;
    const name = event.target.dataset.for;
    if (name) field(root, name).value = rounded(name, scaleOf(event.target).value(Number(event.target.value)));
    show(root);
  });

  // --- By hand ---------------------------------------------------------------------------------------

  /** Puts the answer where a finger or a mouse is, held within the map. */
  function placeAt(root, { clientX, clientY }, grip = { x: 0, y: 0 }) {
    const chart = chartOf(root);
    if (chart.dataset.drawn !== "true") return;
    const box = chart.getBoundingClientRect();
    const { x, y } = window.gtmCharts.value(chart, clientX - box.left - grip.x, clientY - box.top - grip.y);
    const [low, high] = chart.layout.meta.acv_ends;
    put(root, "motion", Math.min(Math.max(x, 0), 100));
    put(root, "acv", Math.min(Math.max(y, low), high));
  }

  let dragged = null;

  // A finger on the mark drags it and does not scroll (touch-action in the style sheet); elsewhere a swipe scrolls and a tap places.
  document.addEventListener("pointerdown", (event) => {
    const map = event.target.closest(".placing-map");
    if (!map || event.button !== 0) return;
    const root = map.closest("[data-placing]");
    const isOnMark = Boolean(event.target.closest("[data-placing-mark]"));
    if (!isOnMark && event.pointerType !== "mouse") return; // a tap comes as a click
    event.preventDefault();
    let grip = { x: 0, y: 0 };
    if (isOnMark) {
      const chart = chartOf(root);
      const box = chart.getBoundingClientRect();
      const at = window.gtmCharts.pixel(chart, numberIn(field(root, "motion")), numberIn(field(root, "acv")));
      grip = { x: event.clientX - box.left - at.x, y: event.clientY - box.top - at.y };
    } else {
      placeAt(root, event);
    }
    dragged = { root, grip, pointer: event.pointerId, isOver: false };
    map.setPointerCapture(event.pointerId);
  });
  document.addEventListener("pointermove", (event) => {
    if (dragged?.pointer !== event.pointerId) return;
    dragged.event = event;
    if (dragged.isAsked) return;
    dragged.isAsked = true;
    requestAnimationFrame(() => {
      if (!dragged) return;
      dragged.isAsked = false;
      placeAt(dragged.root, dragged.event, dragged.grip);
    });
  });
  for (const name of ["pointerup", "pointercancel"]) {
    document.addEventListener(name, (event) => {
      if (dragged?.pointer !== event.pointerId) return;
      if (name === "pointerup" && dragged.event) placeAt(dragged.root, event, dragged.grip);
      dragged = null;
    });
  }
  document.addEventListener("click", (event) => {
    const map = event.target.closest(".placing-map");
    if (!map || event.target.closest("[data-placing-mark]") || event.pointerType === "mouse") return;
    placeAt(map.closest("[data-placing]"), event);
  });

  // The sliders are the map's keyboard. By its own step a slider would come back to the same rounded ACV, and stand still.
  document.addEventListener("keydown", (event) => {
    const root = event.target.closest("[data-placing]");
    const name = event.target.dataset?.for;
    if (!root || !name || !STEPS[event.key] || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const steps = STEPS[event.key];
    const value = numberIn(field(root, name)) ?? scaleOf(event.target).value(Number(event.target.value));
    const [low, high] = [Number(event.target.dataset.low), Number(event.target.dataset.high)];
    const moved = name === "acv" ? value * ACV_STEP ** steps : value + MOTION_STEP * steps;
    put(root, name, Math.min(Math.max(moved, low), high));
  });

  // --- Start -----------------------------------------------------------------------------------------

  function start() {
    for (const root of document.querySelectorAll("[data-placing]")) show(root);
  }

  document.addEventListener("gtm:own-replaced", start);
  document.addEventListener("gtm:drawn", (event) => {
    const root = event.target.closest("[data-placing]");
    if (!root) return;
    placeMark(root);
    event.target.on?.("plotly_afterplot", () => placeMark(root)); // the window gave the map another size
  });
  document.addEventListener("DOMContentLoaded", start);
})();
