// The scenario page: answers are sent as they change, one request in flight, and nothing typed is ever lost.
(() => {
  "use strict";

  const form = document.getElementById("answers");
  const live = document.getElementById("live");
  const status = document.getElementById("save-status");
  const announcer = document.getElementById("announcer");
  const canWrite = form.hasAttribute("hx-post");

  const TYPING_PAUSE = 250; // ms without a key before a typed number is sent
  const LONGEST_RETRY = 10000; // ms

  // So that the server tells a drag here from the same person's other window. (randomUUID needs https.)
  const page = Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join("");

  let revision = form.dataset.revision;
  let headline = document.getElementById("headline")?.textContent;
  let retry = 0;
  let timer = 0;
  let saving = false;
  let isGone = false;
  let isBehind = false;
  const dirty = new Map(); // answers that are not acknowledged yet, with the revision that each was changed on
  const theirs = new Map(); // what somebody else made of an answer in conflict, with the revision that says so

  // --- Fields -----------------------------------------------------------------------------------

  const field = (name) => form.elements.namedItem(name);
  const questionOf = (name) => form.querySelector(`[data-question="${CSS.escape(name)}"]`);
  const slot = (prefix, name) => document.getElementById(`${prefix}-${name}`);

  function valueOf(name) {
    return field(name)?.value ?? "";
  }

  function setField(name, text) {
    const control = field(name);
    if (!control) return;
    control.value = text;
    syncSlider(name);
  }

  const GUESS = /^\s*(~|guess:)/i; // as the server reads it
  const SCALES = { k: 1e3, m: 1e6, b: 1e9 };

  function numberIn(name) {
    const control = field(name);
    const text = control.value.trim().toLowerCase().replace(/[\s,$%~]|usd/g, "");
    const found = /^(-?\d*\.?\d+)([kmb]?)$/.exec(text);
    if (!found) return null;
    const number = Number(found[1]) * (SCALES[found[2]] ?? 1);
    return control.dataset.kind === "percent" ? number / 100 : number;
  }

  function scaleOf(slider) {
    const low = Number(slider.dataset.low);
    const high = Number(slider.dataset.high);
    const isLog = "log" in slider.dataset;
    return {
      value: (place) => (isLog ? low * (high / low) ** (place / 100) : low + ((high - low) * place) / 100),
      place: (value) => {
        const held = Math.min(Math.max(value, low), high);
        return 100 * (isLog ? Math.log(held / low) / Math.log(high / low) : (held - low) / (high - low));
      },
    };
  }

  function rounded(value, kind) {
    if (kind === "money") {
      const step = 10 ** Math.max(Math.floor(Math.log10(value)) - 1, 0);
      return (Math.round(value / step) * step).toLocaleString("en-US");
    }
    return String(Math.round(kind === "percent" ? value * 100 : value));
  }

  /** What a screen reader says of a slider: the value with its unit, not its place along the track. */
  function speak(slider, name) {
    slider.setAttribute("aria-valuetext", valueOf(name) ? `${valueOf(name)} ${slot("u", name)?.textContent ?? ""}` : "not answered");
  }

  function syncSlider(name) {
    const slider = slot("s", name);
    if (!slider) return;
    const value = numberIn(name);
    slider.toggleAttribute("data-blank", value === null);
    speak(slider, name);
    if (value !== null) slider.value = scaleOf(slider).place(value);
    if (name === "motion") pressStop(value);
  }

  function pressStop(value) {
    for (const stop of form.querySelectorAll("[data-stop]")) {
      stop.setAttribute("aria-pressed", String(value !== null && Number(stop.dataset.stop) === value));
    }
  }

  /** Tells the chart where the segment is now: it moves the mark in the next frame. */
  function moved(name) {
    if (name !== "acv" && name !== "motion") return;
    document.dispatchEvent(new CustomEvent("gtm:moved", { detail: { acv: numberIn("acv"), motion: numberIn("motion") } }));
  }

  // --- Sending ----------------------------------------------------------------------------------

  function say(state, text) {
    if (status.dataset.state === state && status.textContent === text) return;
    status.dataset.state = state;
    status.textContent = text;
  }

  /** That all is saved; and where somebody added a way of growing, that its questions come with the next load of the page. */
  function sayUpToDate() {
    if (theirs.size) sayConflict();
    else if (isBehind) say("behind", "Somebody added a way of growing: reload to see it");
    else say("saved", "All changes saved");
  }

  function send() {
    clearTimeout(timer);
    if (dirty.size) htmx.trigger(form, "answered");
  }

  function sendLater(pause) {
    clearTimeout(timer);
    timer = setTimeout(send, pause);
  }

  function changed(name, { pause = 0 } = {}) {
    moved(name);
    if (theirs.has(name)) {
      tellMine(name); // only the buttons decide a conflict, never a letter more that somebody was about to type
      return;
    }
    if (!dirty.has(name)) dirty.set(name, revision);
    if (pause) sendLater(pause);
    else send();
  }

  form.addEventListener("input", (event) => {
    const control = event.target;
    if (control.dataset.for) {
      const name = control.dataset.for;
      field(name).value = rounded(scaleOf(control).value(Number(control.value)), field(name).dataset.kind);
      control.removeAttribute("data-blank");
      speak(control, name);
      if (name === "motion") pressStop(Number(field(name).value));
      changed(name);
    } else if (control.name && control.type === "text") {
      syncSlider(control.name);
      changed(control.name, { pause: TYPING_PAUSE });
    } else if (control.name) {
      changed(control.name);
    }
  });
  form.addEventListener("change", (event) => {
    if (event.target.type === "text") send(); // what was typed needs no pause more; everything else was sent as input
  });
  form.addEventListener("submit", (event) => {
    if (["add_path", "remove_path"].includes(event.submitter?.name)) return; // the questions change: the page comes anew
    event.preventDefault();
    send();
  });
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-stop], [data-keep], [data-theirs]");
    if (!button || !canWrite) return;
    event.preventDefault();
    if (button.dataset.stop !== undefined) {
      setField("motion", button.dataset.stop);
      changed("motion");
    } else {
      settleConflict(button.dataset.keep ?? button.dataset.theirs, button.dataset.keep === undefined);
    }
  });

  window.addEventListener("beforeunload", (event) => {
    if (dirty.size || theirs.size) event.preventDefault();
  });

  /** The regions on show, with the fingerprint of each: a reply holds only those that differ. */
  function seen() {
    const pairs = [];
    for (const region of document.querySelectorAll("[data-fp]")) {
      if (!region.closest("details:not([open])")) pairs.push(`${region.id}=${region.dataset.fp}`);
    }
    return pairs.join(",");
  }

  document.addEventListener("htmx:before:request", (event) => {
    const { ctx } = event.detail;
    const isAnswer = ctx.sourceElement === form;
    const isPoll = ctx.sourceElement === live && ctx.sourceEvent.type !== "refresh";
    if (isGone || (isAnswer && !dirty.size) || (isPoll && (saving || document.hidden))) {
      event.preventDefault();
      return;
    }
    ctx.request.headers["X-Seen"] = seen();
    ctx.request.headers["X-Page"] = page;
    if (ctx.sourceEvent.type !== "refresh") ctx.request.headers["X-Revision"] = revision;
    if (isAnswer) {
      // Written now, not when the request was queued: the newest values. News may have come since they were typed, so
      // they are based on what was known then: the server finds out whether somebody else changed the same answer.
      ctx.sent = new Map([...dirty.keys()].map((name) => [name, valueOf(name)]));
      ctx.request.headers["X-Revision"] = String(Math.min(...dirty.values()));
      ctx.request.body = new URLSearchParams([...ctx.sent]);
      saving = true;
      say("saving", "Saving…");
    }
  });

  document.addEventListener("htmx:after:request", (event) => {
    const { ctx } = event.detail;
    const newest = ctx.response.headers.get("X-Revision");
    if (newest && Number(newest) >= Number(revision)) revision = newest;
    if (ctx.response.status === 404) gone();
    if (ctx.sourceElement !== form || isGone) return;
    if (ctx.response.status >= 500 || !newest) {
      failed(ctx.response.status < 500 ? "Not saved. Open your sign-in link again" : "Not saved. Trying again…");
      return;
    }
    retry = 0;
    if (ctx.response.status !== 200) return;
    for (const [name, value] of ctx.sent) {
      if (valueOf(name) === value) dirty.delete(name);
      else dirty.set(name, revision);
      clearNotes(name);
    }
  });

  document.addEventListener("htmx:error", (event) => {
    if (event.detail.ctx?.sourceElement === form) failed("Not saved. Trying again…");
  });

  document.addEventListener("htmx:finally:request", (event) => {
    const { ctx } = event.detail;
    // For a button that sends the whole form, such as another way of growing: what is not settled still rests on the older one.
    if (!dirty.size && !theirs.size) form.elements.based_on.value = revision;
    if (ctx.sourceElement !== form || !ctx.sent) return;
    saving = false;
    if (isGone || status.dataset.state === "failed") return;
    if (ctx.response?.status === 422) refused(ctx.sent);
    else if (!dirty.size) sayUpToDate();
    if (dirty.size) sendLater(0);
  });

  /** Somebody has deleted it: nothing more is sent, and what is on the page stays to be read. */
  function gone() {
    isGone = true;
    clearTimeout(timer);
    dirty.clear();
    say("refused", "This scenario has been deleted");
    status.setAttribute("role", "alert");
  }

  function failed(text) {
    say("failed", text);
    retry = Math.min((retry || 500) * 2, LONGEST_RETRY);
    sendLater(retry);
  }

  function refused(sent) {
    for (const name of sent.keys()) {
      const hasError = Boolean(slot("e", name)?.textContent);
      if (hasError) dirty.delete(name);
      if (hasError) field(name)?.setAttribute?.("aria-invalid", "true");
      questionOf(name)?.classList.toggle("has-error", hasError);
    }
    say("failed", "Not saved: see the marked answer");
    status.dataset.state = "refused";
  }

  function clearNotes(name) {
    const error = slot("e", name);
    if (error) error.textContent = "";
    field(name)?.removeAttribute?.("aria-invalid");
    questionOf(name)?.classList.remove("has-error");
    closeConflict(name);
    const origin = valueOf(name) === "" ? "" : GUESS.test(valueOf(name)) ? "assumed" : "typed";
    tell(name, origin, `${origin} by you, now`);
  }

  function tell(name, origin, text) {
    const note = form.querySelector(`[data-told="${CSS.escape(name)}"]`);
    if (!note) return;
    note.replaceChildren();
    if (!origin) return;
    const chip = document.createElement("span");
    chip.className = `origin ${origin}`;
    chip.title = text;
    chip.textContent = origin;
    note.append(chip);
  }

  // --- What comes back --------------------------------------------------------------------------

  document.addEventListener("htmx:after:swap", () => {
    const slotOfTheirs = document.getElementById("theirs");
    if (slotOfTheirs.textContent) {
      const answers = JSON.parse(slotOfTheirs.textContent);
      slotOfTheirs.textContent = "";
      for (const answer of answers) receive(answer);
    }
    const verdict = document.getElementById("verdict");
    document.getElementById("question-2").hidden = verdict.dataset.asks === "no";
    const now = document.getElementById("headline").textContent;
    if (now !== headline) {
      headline = now;
      announcer.textContent = `The advice is now: ${now}.`;
    }
  });

  function receive(answer) {
    if (!field(answer.name)) {
      isBehind = true;
      sayUpToDate();
    } else if (answer.conflict) {
      theirs.set(answer.name, { ...answer, revision });
      dirty.delete(answer.name);
      showConflict(answer);
    } else if (!dirty.has(answer.name) && !theirs.has(answer.name)) {
      setField(answer.name, answer.text);
      tell(answer.name, answer.text === "" ? "" : answer.origin, answer.told);
      moved(answer.name);
    }
  }

  function showConflict(answer) {
    const place = slot("c", answer.name);
    if (!place) return;
    place.className = "conflict";
    place.setAttribute("role", "alert");
    const words = document.createElement("p");
    const mine = document.createElement("span");
    mine.dataset.mine = "";
    mine.setAttribute("aria-live", "off"); // who types on needs not hear each letter of it again
    words.append(`${answer.conflict} You wrote `, mine, ".");
    const buttons = document.createElement("p");
    for (const [kind, label] of [["keep", "Keep mine"], ["theirs", "Take theirs"]]) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button small";
      button.dataset[kind] = answer.name;
      button.textContent = label;
      buttons.append(button);
    }
    place.replaceChildren(words, buttons);
    tellMine(answer.name);
    sayConflict();
  }

  function sayConflict() {
    say("refused", "Not saved: somebody else changed the same answer");
  }

  function tellMine(name) {
    slot("c", name).querySelector("[data-mine]").textContent = valueOf(name) || "nothing";
  }

  function closeConflict(name) {
    theirs.delete(name);
    const place = slot("c", name);
    place?.replaceChildren();
    place?.removeAttribute("role");
    if (place) place.className = "conflict-slot";
  }

  function settleConflict(name, takeTheirs) {
    const answer = theirs.get(name);
    if (takeTheirs && answer) {
      closeConflict(name);
      setField(name, answer.text);
      tell(name, "typed", answer.told);
      moved(name);
      htmx.trigger(live, "refresh");
      sayUpToDate();
    } else {
      dirty.set(name, answer?.revision ?? revision);
      send();
    }
    (field(name)?.focus ? field(name) : questionOf(name)?.querySelector(":checked"))?.focus();
  }

  // Regions in a closed part of the page are not renewed while it is closed, so they are when it opens.
  document.addEventListener("toggle", (event) => {
    if (event.target.open && event.target.querySelector?.("[data-fp]")) htmx.trigger(live, "refresh");
  }, true);

  for (const slider of form.querySelectorAll("[data-for]")) speak(slider, slider.dataset.for);
  document.getElementById("error-summary")?.focus();
  pressStop(numberIn("motion"));
})();
