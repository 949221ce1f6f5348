// A page of the workshop room: follows the room by one event stream, by polling where streams are blocked, and sends what is answered.
(() => {
  "use strict";

  const live = document.getElementById("room-live");
  if (!live) return;

  const SILENCE = 45000; // ms; the server's heartbeat comes every 15 s
  const FIRST_WORD = 5000; // ms from the opening of a stream to its first event; a proxy that keeps events back never passes it
  const BEHIND = 5000; // ms that the page may show less than a heartbeat says
  const HIDDEN = 60000; // ms after which a hidden page gives its connection up: a browser has six for a site
  const POLL = 2000; // ms
  const LONGEST_PAUSE = 30000; // ms between two tries of a stream or of sending
  const TICKET = 9 * 60000; // ms; a ticket connects for ten minutes
  const WORDS = { live: "Live", polling: "Live", reconnecting: "Reconnecting…", offline: "Offline" };

  const GONE = [401, 403, 404, 410]; // signed out, removed, or the room is no more: the page itself says which

  const now = () => Date.now(); // goes on while a laptop sleeps
  const frame = () => document.getElementById("frame");
  const own = () => document.getElementById("own");
  const shown = () => Number(frame()?.dataset.v ?? -1);
  const parse = (html, id) => new DOMParser().parseFromString(html, "text/html").getElementById(id);
  // The page itself says why this person has no part in it any more. Not again and again, should it not know either.
  function leave() {
    if (now() - Number(sessionStorage.getItem("left") ?? 0) < 10000) return;
    sessionStorage.setItem("left", String(now()));
    location.reload();
  }
  const patience = (tries) => Math.min(LONGEST_PAUSE, 1000 * 2 ** tries) * (0.5 + Math.random() / 2);

  // --- What everybody sees: the frame ------------------------------------------------------------

  function showFrame(html) {
    const fresh = parse(html, "frame");
    const old = frame();
    if (!fresh || !old || Number(fresh.dataset.v) <= shown()) return; // never backwards
    // A stream leaves out the figures that it has sent before; should the page not have them, it asks for all.
    const has = (part) => document.getElementById(part.id)?.dataset.fp === part.dataset.fp;
    if (![...fresh.querySelectorAll("figure[data-fp]:empty")].every(has)) return catchUp();
    swap(old, fresh);
    say(fresh.dataset.say);
    followPlace();
  }

  // Keeps what a person has opened, where they are, and a picture whose fingerprint is the same.
  function swap(old, fresh) {
    const focused = old.contains(document.activeElement) ? document.activeElement : null;
    const name = (details) => details.id || details.querySelector("summary")?.textContent;
    const opened = new Map([...old.querySelectorAll("details")].map((details) => [name(details), details.open]));
    for (const details of fresh.querySelectorAll("details")) details.open = opened.get(name(details)) ?? details.open;
    for (const part of fresh.querySelectorAll("[id][data-fp]")) {
      const before = document.getElementById(part.id);
      if (before && old.contains(before) && before.dataset.fp === part.dataset.fp) part.replaceWith(before);
    }
    old.replaceWith(fresh);
    if (focused && !fresh.contains(document.activeElement)) takeUp(focused, fresh);
    window.htmx?.process(fresh);
    document.dispatchEvent(new CustomEvent(`gtm:${fresh.id}-replaced`));
  }

  // Who works by keyboard goes on with the same control, with what is wrong in its form, or with the heading of what has come.
  function takeUp(focused, fresh) {
    const sent = focused.form ?? focused.closest("form");
    const form = sent && [...fresh.querySelectorAll("form")].find((each) => each.action === sent.action && each.dataset.draft === sent.dataset.draft);
    const wrong = focused.type === "submit" && form?.querySelector("[aria-invalid], [role='alert']");
    const isSame = (each) => each.tagName === focused.tagName && each.name === focused.name && each.value === focused.value && each.href === focused.href;
    const controls = (sent ? form : fresh)?.querySelectorAll("a, button, input, select, summary") ?? [];
    const same = (focused.id && fresh.querySelector(`#${CSS.escape(focused.id)}`)) || [...controls].find(isSame);
    const next = wrong || same || form?.querySelector("button") || fresh.querySelector("h1, h2") || frame()?.querySelector("h1");
    if (!next) return;
    if (next.tabIndex < 0) next.tabIndex = -1;
    next.focus({ preventScroll: next === same });
  }

  // A key that is held down presses a button once: nobody reveals by holding Enter too long.
  document.addEventListener("keydown", (event) => {
    if (event.repeat && event.key === "Enter" && event.target.closest("form[data-send] button")) event.preventDefault();
  });

  // The announcer stands outside of what is swapped, so that only what is new is read out.
  let said = frame()?.dataset.say ?? "";
  function say(words = "") {
    const announcer = document.getElementById("room-announcer");
    if (announcer && words && words !== said) announcer.textContent = words;
    said = words;
  }

  // --- What one person sees: their own part ---------------------------------------------------------

  let askedFor = null; // the place that one's own part was fetched for, which may be further on by then
  let isFetching = false;
  let ownTries = 0;

  async function followPlace() {
    const place = frame()?.dataset.place;
    if (isFetching || !own() || !live.dataset.own) return;
    if (place === own().dataset.place) askedFor = null;
    if (place === own().dataset.place || place === askedFor) return;
    isFetching = true;
    try {
      const answer = await ask(live.dataset.own);
      if (answer.redirected || GONE.includes(answer.status)) return leave();
      if (answer.status !== 200) throw new Error(answer.statusText);
      showOwn(await answer.text());
      askedFor = place;
      ownTries = 0;
    } catch {
      setTimeout(followPlace, patience(ownTries++));
      return;
    } finally {
      isFetching = false;
    }
    followPlace(); // it may have moved meanwhile
  }

  function showOwn(html) {
    const fresh = parse(html, "own");
    if (!fresh || !own()) return;
    // A status is read out when its words change, not when it comes with them.
    const status = fresh.querySelector(".message[role='status']");
    const words = status?.textContent;
    status?.replaceChildren();
    swap(own(), fresh);
    if (status) setTimeout(() => status.replaceChildren(words), 50);
    restoreDrafts();
  }

  // Typed and not sent: kept until it is sent, and put back when the same form comes again, after a reload too.
  const draftKey = (form) => `draft:${location.pathname}:${form.dataset.draft}`;
  const isKept = (control) => control.name && !["hidden", "submit", "button", "file", "password"].includes(control.type);

  function keepDraft(form) {
    const typed = [...form.elements].filter(isKept).map((each) => [each.name, each.value, Boolean(each.checked)]);
    sessionStorage.setItem(draftKey(form), JSON.stringify(typed));
  }

  function restoreDrafts() {
    for (const form of document.querySelectorAll("#own form[data-draft]")) {
      for (const [name, value, checked] of JSON.parse(sessionStorage.getItem(draftKey(form)) ?? "[]")) {
        for (const control of form.elements) {
          if (control.name !== name || !isKept(control)) continue;
          const isChoice = control.type === "radio" || control.type === "checkbox";
          if (isChoice ? control.value !== value || control.checked === checked : control.value === value) continue;
          if (isChoice) control.checked = checked;
          else control.value = value;
          control.dispatchEvent(new Event("input", { bubbles: true }));
        }
      }
    }
  }

  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form?.dataset.draft && own()?.contains(form)) keepDraft(form);
  });

  // --- Sending -----------------------------------------------------------------------------------------

  // One at a time and in order; kept across a reload until the server has answered. The key makes a second arrival harmless.
  const OUTBOX = `outbox:${location.pathname}`;
  let isSending = false;
  const outbox = () => JSON.parse(localStorage.getItem(OUTBOX) ?? "[]");
  const keepOutbox = (letters) => (letters.length ? localStorage.setItem(OUTBOX, JSON.stringify(letters)) : localStorage.removeItem(OUTBOX));
  const newKey = () => {
    const hex = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, "$1-$2-4$3-8$4-$5"); // a UUID; randomUUID needs https
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!("send" in form.dataset)) {
      if (form.dataset.draft) sessionStorage.removeItem(draftKey(form));
      return;
    }
    event.preventDefault();
    const data = new FormData(form, event.submitter);
    // What has been changed since it was sent is another answer, not the same one again.
    if (outbox().some((letter) => letter.key === data.get("key"))) data.set("key", newKey());
    const draft = form.dataset.draft ? draftKey(form) : "";
    const letter = { key: data.get("key"), to: form.action, body: new URLSearchParams(data).toString(), draft };
    keepOutbox([...outbox(), letter]);
    tellSend(letter, "saving", "Saving…");
    sendAll();
  });

  // In the form that was sent, or the one that has taken its place since.
  function tellSend(letter, state, words) {
    const forms = [...document.querySelectorAll("form[data-send]")].filter((form) => form.action === letter.to);
    const form = forms.find((each) => each.dataset.draft && draftKey(each) === letter.draft) ?? forms[0];
    const place = form?.querySelector("[data-send-status]");
    if (!place) return;
    if (place.textContent !== words) place.textContent = words;
    place.dataset.state = state;
  }

  async function sendAll() {
    if (isSending) return;
    isSending = true;
    let tries = 0;
    for (let letter = outbox()[0]; letter; letter = outbox()[0]) {
      const typed = sessionStorage.getItem(letter.draft);
      const answer = await ask(letter.to, { method: "POST", body: letter.body }).catch(() => null);
      if (!answer || answer.status >= 500 || answer.status === 429) {
        tellSend(letter, "waiting", "Not saved, trying again…");
        await new Promise((done) => setTimeout(done, patience(tries++)));
        continue;
      }
      tries = 0;
      const html = await answer.text();
      keepOutbox(outbox().slice(1));
      if (answer.status === 200 && letter.draft && sessionStorage.getItem(letter.draft) === typed) sessionStorage.removeItem(letter.draft);
      if ([200, 409, 422].includes(answer.status)) {
        if (outbox().length) continue; // what comes of the next one is newer
        showOwn(html); // which says itself what came of it, but for a draft that is in
        if (answer.status === 200 && letter.draft) tellSend(letter, "saved", "Saved");
      } else {
        leave();
      }
    }
    isSending = false;
  }

  // --- Asking: polling, and catching up -----------------------------------------------------------------

  let address = live.dataset.stream;
  let ticketAt = now();
  let isAsking = false;
  let failures = 0;

  async function ask(url, options = {}) {
    const type = options.body ? { "Content-Type": "application/x-www-form-urlencoded" } : {};
    const signal = AbortSignal.timeout(15000);
    return fetch(url, { ...options, headers: { "HX-Request": "true", ...type }, signal });
  }

  async function catchUp() {
    if (isAsking) return;
    isAsking = true;
    askedAt = now();
    try {
      const answer = await ask(`${live.dataset.frame}?v=${shown()}`);
      if (answer.redirected || GONE.includes(answer.status)) return leave();
      if (answer.headers.get("X-Stream")) {
        address = answer.headers.get("X-Stream");
        ticketAt = now();
      }
      if (answer.status === 200) showFrame(await answer.text());
      failures = answer.ok ? 0 : failures + 1;
    } catch {
      failures += 1;
    } finally {
      isAsking = false;
    }
    tell();
  }

  // --- The stream ----------------------------------------------------------------------------------------

  let stream = null;
  let openedAt = 0;
  let heardAt = 0; // 0: this stream has said nothing yet
  let promised = -1; // the version that the last heartbeat told of
  let behindSince = 0;
  let streamTries = 0;
  let tryAt = 0;
  let askedAt = 0;
  let hiddenAt = document.hidden ? now() : 0;

  const works = () => stream !== null && heardAt > 0 && stream.readyState === EventSource.OPEN;

  function open() {
    close();
    if (!address) return giveUp(LONGEST_PAUSE); // until a frame brings one
    openedAt = now();
    stream = new EventSource(`${address}&v=${shown()}`);
    stream.addEventListener("frame", (event) => {
      heard();
      showFrame(event.data);
    });
    stream.addEventListener("hb", (event) => {
      heard();
      promised = Number(event.data);
    });
    stream.addEventListener("closed", (event) => {
      if (event.data === "removed" || event.data === "gone") return leave();
      ticketAt = -TICKET; // expired: the next frame brings another
      giveUp(event.data === "elsewhere" ? LONGEST_PAUSE : undefined);
    });
    stream.addEventListener("error", () => {
      if (stream?.readyState === EventSource.CLOSED) giveUp();
      tell();
    });
  }

  function heard() {
    heardAt = now();
    streamTries = 0;
    failures = 0;
    tell();
  }

  function close() {
    stream?.close();
    stream = null;
    heardAt = 0;
    promised = -1;
  }

  function giveUp(pause = patience(streamTries++)) {
    close();
    tryAt = now() + pause;
    tell();
  }

  async function renew() {
    tryAt = Infinity; // until the frame has come
    close();
    await catchUp();
    if (failures) tryAt = now() + patience(streamTries++);
    else if (!document.hidden) open();
  }

  function tick() {
    const time = now();
    if (hiddenAt && time - hiddenAt > HIDDEN) return close();
    behindSince = promised > shown() ? behindSince || time : 0;
    if (stream) {
      if (heardAt === 0 && time - openedAt > FIRST_WORD) giveUp();
      else if (heardAt && time - heardAt > SILENCE) renew();
      else if (behindSince && time - behindSince > BEHIND) renew();
    } else if (time >= tryAt) {
      if (!address || time - ticketAt > TICKET || failures) renew();
      else open();
    }
    if (!works() && time - askedAt >= POLL) catchUp();
  }

  function wake() {
    if (document.hidden) {
      hiddenAt ||= now();
      return;
    }
    const wasAway = hiddenAt && now() - hiddenAt > POLL;
    hiddenAt = 0;
    if (!works() || wasAway) renew();
  }

  function tell() {
    const status = document.getElementById("live-status");
    const state = !navigator.onLine || failures > 1 ? "offline" : works() ? "live" : failures || askedAt <= openedAt ? "reconnecting" : "polling";
    if (!status || status.dataset.state === state) return;
    status.dataset.state = state;
    if (status.textContent !== WORDS[state]) status.textContent = WORDS[state];
  }

  document.addEventListener("visibilitychange", wake);
  window.addEventListener("online", wake);
  window.addEventListener("offline", tell);
  window.addEventListener("pageshow", (event) => event.persisted && wake());
  window.addEventListener("pagehide", close);

  restoreDrafts();
  followPlace();
  sendAll();
  open();
  setInterval(tick, 1000);
})();
