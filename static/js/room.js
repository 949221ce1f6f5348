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
  const LONGEST_WAIT = 15000; // ms for an answer
  const FIRST_WAIT = 4000; // ms for the first answer after the network has come back: what it swallowed is asked again
  const LONGEST_PAUSE = 30000; // ms between two tries of a stream or of sending
  const LONGEST_REFUSAL = 120000; // ms that a server may answer "not now" to what is sent, before the person is told to press again
  const BUSY = "busy"; // another tab is sending
  const WORD = 100; // ms in which what one tab stores is seen by another
  const LEASE = 20000; // ms; longer than one try of sending takes
  const TICKET = 9 * 60000; // ms; a ticket connects for ten minutes
  const RELOAD_PAUSE = 10000; // ms between two reloads that the page does by itself
  const MOST_RELOADS = 3; // of these in RELOAD_SPAN: what more would not mend either
  const RELOAD_SPAN = 10 * 60000; // ms
  const SECOND_PRESS = 500; // ms after which a tap is no longer the second of two
  const WORDS = { live: "Live", polling: "Live", reconnecting: "Reconnecting…", offline: "Offline" };
  const LOST = "Load this page again";
  const PRESS_AGAIN = "Not saved. Press the button again.";

  const GONE = [401, 403, 404, 410]; // signed out, removed, or the room is no more: the page itself says which
  const SAVED = 200;
  const RECEIPT = "application/json"; // of an answer whose form stays
  const ANSWERS = [SAVED, 409, 422]; // with one's own part, which says what came of it

  const now = () => Date.now(); // goes on while a laptop sleeps
  const frame = () => document.getElementById("frame");
  const own = () => document.getElementById("own");
  const shown = () => Number(frame()?.dataset.v ?? -1);
  const parse = (html, id) => new DOMParser().parseFromString(html, "text/html").getElementById(id);
  const patience = (tries) => Math.min(LONGEST_PAUSE, 1000 * 2 ** tries) * (0.5 + Math.random() / 2);
  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

  // --- What is kept ------------------------------------------------------------------------------------

  // Over a reload; where storage is blocked or full, for as long as the page is there.
  function keeper(name) {
    const memory = new Map();
    const attempt = (act, otherwise) => {
      try {
        return act(window[name]);
      } catch {
        return otherwise;
      }
    };
    const read = (text) => {
      try {
        return JSON.parse(text ?? null);
      } catch {
        return null; // not of this script
      }
    };
    return {
      keys: () => [...new Set([...attempt((storage) => Object.keys(storage), []), ...memory.keys()])],
      get: (key) => read(memory.get(key) ?? attempt((storage) => storage.getItem(key), null)),
      set(key, value) {
        const text = JSON.stringify(value);
        const isKept = attempt((storage) => storage.setItem(key, text) === undefined, false);
        if (isKept) memory.delete(key);
        else memory.set(key, text);
      },
      remove(key) {
        memory.delete(key);
        attempt((storage) => storage.removeItem(key));
      },
    };
  }

  const inTab = keeper("sessionStorage");
  const inBrowser = keeper("localStorage");

  // One browser may hold two people one after the other: what is kept is of one person in one room.
  const person = live.dataset.person ?? "";
  const ROOM = `:${location.pathname}:`;
  const [DRAFTS, OUTBOX, SENDER] = ["draft", "outbox", "sender"].map((kind) => `${kind}${ROOM}${person}:`);

  function forgetOthers() {
    for (const storage of [inTab, inBrowser]) {
      for (const key of storage.keys()) {
        const isOfRoom = ["draft", "outbox", "sender"].some((kind) => key.startsWith(`${kind}${ROOM}`));
        if (isOfRoom && ![DRAFTS, OUTBOX, SENDER].some((mine) => key.startsWith(mine))) storage.remove(key);
      }
    }
  }

  // The pages of this room in the other tabs. A browser that blocks storage may refuse this too.
  function openChannel() {
    try {
      return new BroadcastChannel(`room${ROOM}`);
    } catch {
      return null;
    }
  }
  const tabs = person ? openChannel() : null;

  // --- Leaving: the page itself says why this person has no part in it any more ---------------------------

  let isLeaving = false; // as soon as somebody looks
  let isLost = false; // loading it anew has not helped
  let leaveAt = 0;
  const unsent = []; // letters that were turned away; kept until the page says why

  // With the page's entry in the history, which is there without storage too.
  const reloads = () => (history.state?.reloads ?? []).filter((time) => Math.abs(now() - time) < RELOAD_SPAN);

  function leave(letter) {
    if (letter) unsent.push(letter);
    if (isLeaving) return;
    const times = reloads();
    if (times.length >= MOST_RELOADS) return stay();
    isLeaving = true;
    leaveAt = times.length ? times.at(-1) + RELOAD_PAUSE : 0;
    close();
    loadAnew();
  }

  function loadAnew() {
    if (document.hidden || leaveAt === Infinity) return; // not in the background; not twice
    if (now() < leaveAt) {
      setTimeout(loadAnew, leaveAt - now());
      return;
    }
    leaveAt = Infinity;
    for (const letter of unsent) drop(letter);
    history.replaceState({ ...history.state, reloads: [...reloads(), now()], unsent: unsent.map(({ key, to, draft }) => ({ key, to, draft })) }, "");
    location.reload();
  }

  function stay() {
    isLost = true;
    close();
    for (const letter of unsent.splice(0)) giveUpLetter(letter);
    tell();
  }

  // --- What everybody sees: the frame ------------------------------------------------------------

  let olderTimes = 0; // in a row

  // Who asks anew is never shown less than they showed, unless an older database has been put back.
  function isOlder(version, asked) {
    olderTimes = version < asked ? olderTimes + 1 : 0;
    if (olderTimes > 1) leave();
    return olderTimes > 0;
  }

  function showFrame(html) {
    const fresh = parse(html, "frame");
    const old = frame();
    if (!fresh || !old) return;
    if (Number(fresh.dataset.v) <= shown()) return; // never backwards
    // A stream leaves out the figures that it has sent before; should the page not have them, it asks for all.
    const has = (part) => document.getElementById(part.id)?.dataset.fp === part.dataset.fp;
    if (![...fresh.querySelectorAll("figure[data-fp]:empty")].every(has)) return catchUp();
    swap(old, fresh)();
    say(fresh.dataset.say);
    followPlace();
  }

  // Keeps what a person has opened and a picture whose fingerprint is the same. What it returns brings them back to where they were.
  function swap(old, fresh) {
    const bringBack = holdFocus(old, fresh);
    const name = (details) => details.id || details.querySelector("summary")?.textContent;
    const opened = new Map([...old.querySelectorAll("details")].map((details) => [name(details), details.open]));
    for (const details of fresh.querySelectorAll("details")) details.open = opened.get(name(details)) ?? details.open;
    for (const part of fresh.querySelectorAll("[id][data-fp]")) {
      const before = document.getElementById(part.id);
      if (before && old.contains(before) && before.dataset.fp === part.dataset.fp) part.replaceWith(before);
    }
    old.replaceWith(fresh);
    window.htmx?.process(fresh);
    document.dispatchEvent(new CustomEvent(`gtm:${fresh.id}-replaced`));
    return bringBack;
  }

  function holdFocus(old, fresh) {
    const held = document.activeElement;
    if (!held || !old.contains(held)) return () => {};
    const [start, end, direction] = [held.selectionStart, held.selectionEnd, held.selectionDirection]; // null where there is no caret
    const { scrollTop } = held;
    return () => {
      const isThere = held.isConnected; // in a picture that was kept, which has moved
      const control = isThere ? held : (wrongIn(held, fresh) ?? counterpart(held, fresh) ?? (fresh.id === "own" ? headingOf(fresh) : null));
      control?.focus({ preventScroll: true });
      if (control?.setSelectionRange && typeof start === "number") control.setSelectionRange(start, end, direction);
      if (control) control.scrollTop = scrollTop;
    };
  }

  // The same control of the new part: by its id, else by what it is in its form. "Give my answer" is "Change my answer" by then.
  function counterpart(held, fresh) {
    if (held.id) return fresh.querySelector(`#${CSS.escape(held.id)}`);
    if (!held.form) return [...fresh.querySelectorAll(held.localName)].find((each) => each.textContent === held.textContent);
    const forms = [...fresh.querySelectorAll("form")].filter((form) => form.action === held.form.action);
    const alike = forms.flatMap((form) => [...form.elements]).filter((each) => each.type === held.type && each.name === held.name);
    const label = held.getAttribute("aria-label");
    return alike.find((each) => each.value === held.value && each.getAttribute("aria-label") === label) ?? alike[0];
  }

  // What is wrong in the form that was sent, or what it asks to be confirmed.
  function wrongIn(held, fresh) {
    if (held.type !== "submit" || !held.form) return null;
    const form = [...fresh.querySelectorAll("form")].find((each) => each.action === held.form.action && each.dataset.draft === held.form.dataset.draft);
    const wrong = form?.querySelector("[aria-invalid], [role='alert']");
    if (wrong && wrong.tabIndex < 0) wrong.tabIndex = -1;
    return wrong ?? null;
  }

  function headingOf(part) {
    const heading = part.querySelector("h1, h2, h3") ?? frame()?.querySelector("h1") ?? part;
    heading.tabIndex = -1;
    return heading;
  }

  // The announcer stands outside of what is swapped, so that only what is new is read out.
  let said = frame()?.dataset.say ?? "";
  function say(words = "") {
    const announcer = document.getElementById("room-announcer");
    if (announcer && words && words !== said) announcer.textContent = words;
    said = words;
  }

  // --- What one person sees: their own part ---------------------------------------------------------

  let asOf = -1; // the version of the frame that one's own part is not older than; it may be newer
  let isStale = false; // there is a newer one for certain
  let timesShown = 0;
  let isFetching = false;
  let ownTries = 0;

  async function followPlace() {
    if (isFetching || isLeaving || isLost || !own() || !live.dataset.own) return;
    if (!isStale && (frame()?.dataset.place === own().dataset.place || shown() <= asOf)) return;
    isFetching = true;
    isStale = false;
    const [asked, times] = [shown(), timesShown];
    try {
      const answer = await ask(live.dataset.own);
      if (answer.redirected || GONE.includes(answer.status)) return leave();
      if (answer.status !== 200) throw new Error(answer.statusText);
      const fresh = parse(await answer.text(), "own");
      if (!fresh) return leave();
      if (times === timesShown) showOwn(fresh, asked); // else what came of sending is newer
      ownTries = 0;
    } catch {
      isStale = true;
      setTimeout(followPlace, patience(ownTries++));
      return;
    } finally {
      isFetching = false;
    }
    followPlace(); // it may have moved meanwhile
  }

  // `asked`: the version that the page showed when this was asked for. It is not older than that, but may be than what is shown by now.
  function showOwn(fresh, asked, { isRefused = false } = {}) {
    if (!own()) return;
    if (shown() > asked && fresh.dataset.place !== frame()?.dataset.place) {
      isStale = true; // whoever calls this follows the place then
      return;
    }
    timesShown += 1;
    asOf = Math.max(asOf, asked);
    // A status is read out when its words change, not when it comes with them.
    const status = fresh.querySelector(".message[role='status']");
    const words = status?.textContent;
    status?.replaceChildren();
    const bringBack = swap(own(), fresh);
    if (status) setTimeout(() => status.replaceChildren(words), 50);
    restoreDrafts({ isRefused });
    for (const each of told.values()) tellForm(each);
    bringBack();
  }

  // The server has taken an answer, and says how its fields read now. The form stays: nobody who types on is disturbed.
  function showKept(letter, kept) {
    timesShown += 1; // what was asked for before is older
    isStale ||= isFetching; // and may have been asked for because of something else
    const form = formOf(letter);
    if (!form || !isOfRound(form, letter) || form.querySelector("[aria-invalid]")) {
      isStale = true;
      return;
    }
    own().querySelector(".message")?.remove(); // of what was sent before
    const sent = new URLSearchParams(letter.body);
    for (const [name, controls] of fieldsOf(form)) {
      if (!(name in kept)) continue;
      const typed = typedIn(controls);
      // A letter of another tab, or from before a reload, finds a form in which nobody typed.
      const hasTypedOn = !same(typed, sent.getAll(name)) && (letter.tab === tab || !same(typed, sentIn(controls)));
      for (const control of controls) setSent(control, kept[name], { hasTypedOn });
    }
    keepDraft(form);
    form.elements.key.value = newKey(); // the same said again later is another answer
    const button = form.querySelector("[data-again]");
    if (button) button.textContent = button.dataset.again;
  }

  // A further round asks the same question in a form of its own.
  const isOfRound = (form, letter) => (form.elements.round?.value ?? null) === new URLSearchParams(letter.body).get("round");

  function setSent(control, value, { hasTypedOn }) {
    if (isChoice(control)) {
      control.defaultChecked = control.value === value;
      if (!hasTypedOn) control.checked = control.defaultChecked;
      return;
    }
    const typed = control.value; // an option that nobody has touched follows its default
    if (control.options) for (const option of control.options) option.defaultSelected = option.value === value;
    else control.defaultValue = value;
    control.value = hasTypedOn ? typed : value;
  }

  // Typed and not sent: kept until it is sent, and put back when the same form comes again, after a reload too. Only what differs from what
  // the server sent: the rest may be changed by somebody else meanwhile.
  const isKept = (control) => control.name && !["hidden", "submit", "button", "file", "password"].includes(control.type);
  const isChoice = (control) => control.type === "radio" || control.type === "checkbox";
  const sentChoice = (select) => [...select.options].find((option) => option.defaultSelected) ?? select.options[0];
  const sentValue = (control) => (control.options ? (sentChoice(control)?.value ?? "") : isChoice(control) ? control.value : control.defaultValue);
  const typedIn = (controls) => controls.filter((each) => !isChoice(each) || each.checked).map((each) => each.value);
  const sentIn = (controls) => controls.filter((each) => !isChoice(each) || each.defaultChecked).map(sentValue);

  /** The controls of a form by their names. */
  function fieldsOf(form) {
    const fields = new Map();
    for (const control of [...form.elements].filter(isKept)) fields.set(control.name, [...(fields.get(control.name) ?? []), control]);
    return fields;
  }

  // "" for a form in which nothing can be typed.
  function draftKey(form) {
    if (!own()?.contains(form) || !fieldsOf(form).size) return "";
    return `${DRAFTS}${form.dataset.draft || new URL(form.action).pathname}`;
  }

  function writeDraft(key, draft) {
    if (Object.keys(draft).length) inTab.set(key, draft);
    else inTab.remove(key);
  }

  function keepDraft(form) {
    const key = draftKey(form);
    if (!key) return;
    const before = inTab.get(key) ?? {};
    const draft = {};
    for (const [name, controls] of fieldsOf(form)) {
      const typed = typedIn(controls);
      // What was refused comes back as if the server had it, and is as little saved as before.
      if (!same(typed, sentIn(controls)) || same(typed, before[name])) draft[name] = typed;
    }
    writeDraft(key, draft);
  }

  function restoreDrafts({ isRefused = false } = {}) {
    for (const form of document.querySelectorAll("#own form")) {
      const key = draftKey(form);
      const draft = key && inTab.get(key);
      if (!draft) continue;
      for (const [name, controls] of fieldsOf(form)) {
        if (!(name in draft)) continue;
        if (!same(draft[name], sentIn(controls))) putBack(controls, draft[name]);
        else if (!isRefused) delete draft[name]; // saved, by whomever
      }
      writeDraft(key, draft);
    }
  }

  function putBack(controls, values) {
    controls.forEach((control, place) => {
      const value = isChoice(control) ? control.value : (values[place] ?? control.value);
      const isChecked = isChoice(control) && values.includes(control.value);
      if (control.options && ![...control.options].some((option) => option.value === value)) return;
      if (isChoice(control) ? control.checked === isChecked : control.value === value) return;
      if (isChoice(control)) control.checked = isChecked;
      else control.value = value;
      control.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }

  // What has been typed again since it was sent stays.
  function forgetSent(letter) {
    const draft = inTab.get(letter.draft);
    if (!draft) return;
    for (const [name, typed] of Object.entries(letter.typed)) {
      if (same(draft[name], typed)) delete draft[name];
    }
    writeDraft(letter.draft, draft);
  }

  // After the document's listeners, since a slider's value goes into its field there.
  window.addEventListener("input", (event) => {
    if (event.target.form) keepDraft(event.target.form);
  });

  // --- Sending -----------------------------------------------------------------------------------------

  // One at a time and in order; kept across a reload until the server has answered, each by itself, since other tabs of the browser
  // write and send too. The key makes a second arrival harmless.
  let isSending = false;
  let hasSkipped = false; // an own part that came of sending was not shown, since more was to be sent
  let hurry = () => {}; // ends a pause between two tries
  const told = new Map(); // what the form of each letter says, which has not arrived
  const refusedAt = new Map(); // when the server last said "not now" to each letter
  const outbox = () =>
    inBrowser
      .keys()
      .filter((key) => key.startsWith(OUTBOX))
      .map((key) => inBrowser.get(key))
      .filter(Boolean)
      .sort((one, other) => one.at - other.at);
  const newKey = () => {
    const hex = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, "$1-$2-4$3-8$4-$5"); // a UUID; randomUUID needs https
  };

  const tab = newKey();

  function contentOf(body) {
    const content = new URLSearchParams(body);
    for (const name of ["key", "csrfmiddlewaretoken"]) content.delete(name);
    return content.toString();
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    const draft = draftKey(form);
    if (!("send" in form.dataset)) {
      if (draft) inTab.remove(draft);
      return;
    }
    event.preventDefault();
    keepDraft(form);
    const data = new FormData(form, event.submitter);
    const waiting = outbox();
    // What has been changed since it was sent is another answer, not the same one again.
    if (!data.get("key") || waiting.some((letter) => letter.key === data.get("key"))) data.set("key", newKey());
    const body = new URLSearchParams(data).toString();
    const last = waiting.findLast((letter) => letter.to === form.action);
    if (last && contentOf(last.body) === contentOf(body)) {
      tellSend(last, ...(told.get(last.key)?.words ?? ["saving", "Saving…"]));
    } else {
      const at = Math.max(now(), ...waiting.map((letter) => letter.at + 1)); // a clock may be set back
      const letter = { key: data.get("key"), to: form.action, body, draft, typed: inTab.get(draft) ?? {}, isDraft: Boolean(form.dataset.draft), tab, at };
      for (const each of told.values()) if (each.to === letter.to && each.draft === draft && each.words[0] === "failed") told.delete(each.key);
      inBrowser.set(OUTBOX + letter.key, letter);
      tellSend(letter, "saving", "Saving…");
    }
    hurry();
    sendAll();
  });

  // A double click is one press: the second may already meet the button that the answer to the first has brought.
  let pressedAt = 0;
  document.addEventListener(
    "click",
    (event) => {
      const button = event.target.closest("#own form button, #own form input[type='submit']");
      if (!button || button.type === "button" || !event.isTrusted) return;
      const isTap = event.detail > 0 && event.pointerType !== "mouse"; // not every browser counts taps
      if (event.detail > 1 || (isTap && now() - pressedAt < SECOND_PRESS)) event.preventDefault();
      else pressedAt = now();
    },
    true,
  );
  document.addEventListener("keydown", (event) => {
    if (event.repeat && event.key === "Enter" && event.target.closest("#own form") && event.target.localName !== "textarea") event.preventDefault();
  });

  function tellSend({ key, to, draft }, ...words) {
    told.set(key, { key, to, draft, words });
    tellForm(told.get(key));
  }

  // The form that was sent, or the one that has taken its place since.
  const formOf = ({ to, draft }) => [...document.querySelectorAll("form[data-send]")].find((each) => each.action === to && draftKey(each) === draft);

  function tellForm({ to, draft, words: [state, text] }) {
    const place = formOf({ to, draft })?.querySelector("[data-send-status]");
    if (!place) return;
    if (place.textContent !== text) place.textContent = text;
    place.dataset.state = state;
  }

  function drop(letter) {
    inBrowser.remove(OUTBOX + letter.key);
    told.delete(letter.key);
    refusedAt.delete(letter.key);
  }

  function giveUpLetter(letter) {
    drop(letter);
    tellSend(letter, "failed", PRESS_AGAIN);
  }

  async function sendAll() {
    if (isSending) return;
    isSending = true;
    let tries = 0;
    try {
      while (!isLeaving && outbox().length) {
        if (await alone(sendNext)) tries = 0;
        else await pause(patience(tries++));
      }
    } finally {
      isSending = false;
      endLease();
      if (!navigator.locks) setTimeout(endLease, LEASE + 1000); // each of two tabs may have read the other's word last
    }
    findArrived();
  }

  // Another tab may have sent a letter of this page, and have said so while it slept.
  function findArrived() {
    const waiting = new Set(outbox().map((letter) => letter.key));
    const gone = [...told.values()].filter((each) => each.words[0] !== "failed" && !waiting.has(each.key));
    if (!gone.length || isLeaving) return;
    for (const each of gone) told.delete(each.key);
    isStale = true;
    followPlace();
  }

  function pause(time) {
    return new Promise((done) => {
      const timer = setTimeout(done, time);
      hurry = () => {
        clearTimeout(timer);
        done();
      };
    });
  }

  // One tab of a browser at a time. None waits for longer than a try takes: a phone may have put the other to sleep.
  async function alone(act) {
    if (!navigator.locks) return leased(act);
    let isHeld = false;
    try {
      const isDone = await navigator.locks.request(OUTBOX, { ifAvailable: true }, (lock) => {
        if (!lock) return BUSY;
        isHeld = true;
        return act();
      });
      if (isDone !== BUSY) return isDone;
      return await navigator.locks.request(OUTBOX, { signal: AbortSignal.timeout(LEASE) }, async () => {
        isHeld = true;
        // Who had to wait may have the lock before the word of what the other tab has sent, and would send it once more.
        await new Promise((done) => setTimeout(done, WORD));
        return act();
      });
    } catch (error) {
      if (isHeld) throw error;
      return act();
    }
  }

  // Without https there are no locks. Two tabs that write at the same moment may both send a letter: once more, nothing is lost.
  const isLeased = () => {
    const [holder, until] = inBrowser.get(SENDER) ?? [tab, 0];
    return holder !== tab && until > now() && until <= now() + LEASE;
  };

  async function leased(act) {
    do {
      while (isLeased()) await new Promise((done) => setTimeout(done, 200));
      inBrowser.set(SENDER, [tab, now() + LEASE]);
      await new Promise((done) => setTimeout(done, 30)); // until another tab's word is here
    } while (isLeased());
    let goesOn = false;
    try {
      const isDone = await act();
      goesOn = isDone && outbox().length > 0; // with the next letter: between two, another tab would take it for its turn
      return isDone;
    } finally {
      if (!goesOn) endLease();
    }
  }

  function endLease() {
    if (inBrowser.get(SENDER) && !isLeased()) inBrowser.remove(SENDER); // one's own, or one that is over
  }

  /** Whether the oldest letter is done with, so that the next has its turn. */
  async function sendNext() {
    const letter = outbox()[0]; // another tab may have sent it while this one waited
    if (!letter || isLeaving) return true;
    if (!told.has(letter.key)) tellSend(letter, "saving", "Saving…");
    const asked = shown();
    let answer = null;
    let html = "";
    try {
      answer = await ask(letter.to, { method: "POST", body: letter.body, headers: { Accept: RECEIPT } });
      html = await answer.text();
    } catch {
      return postpone(letter);
    }
    if (answer.status >= 500 || answer.status === 429) return postpone(letter, { isRefused: true });
    const receipt = receiptIn(answer, html);
    const fresh = receipt ? null : parse(html, "own");
    if (answer.redirected || !(fresh || receipt) || !ANSWERS.includes(answer.status)) {
      leave(letter);
      return true;
    }
    drop(letter);
    arrived(letter, answer.status);
    tabs?.postMessage({ person, letter, status: answer.status });
    const isLast = answer.status !== SAVED || !outbox().length;
    if (receipt) showKept(letter, receipt.kept);
    else if (isLast) showOwn(fresh, asked, { isRefused: answer.status === 422 });
    // What comes of the next one is newer than an own part, unless it is a receipt, which is of one form alone.
    isStale ||= Boolean(receipt) && hasSkipped;
    hasSkipped = !receipt && !isLast;
    if (!isLast) return true;
    if (!receipt) tellSaved(letter, answer.status);
    followPlace().then(() => receipt && tellSaved(letter, answer.status, receipt.text));
    return true;
  }

  // How the fields of an answer read now that it is in; null where it came with one's own part, or is no answer of ours.
  function receiptIn(answer, text) {
    if (answer.status !== SAVED || !answer.headers.get("Content-Type")?.startsWith(RECEIPT)) return null;
    try {
      const receipt = JSON.parse(text);
      return receipt?.kept ? receipt : null;
    } catch {
      return null;
    }
  }

  function postpone(letter, { isRefused = false } = {}) {
    tellSend(letter, "waiting", "Not saved, trying again…");
    if (!isRefused) {
      refusedAt.delete(letter.key);
      return false; // a server that is away comes back
    }
    const refusedFor = (letter.refusedFor ?? 0) + now() - (refusedAt.get(letter.key) ?? now());
    refusedAt.set(letter.key, now());
    if (refusedFor >= LONGEST_REFUSAL) {
      giveUpLetter(letter);
      return true;
    }
    if (inBrowser.get(OUTBOX + letter.key)) inBrowser.set(OUTBOX + letter.key, { ...letter, refusedFor });
    return false;
  }

  function arrived(letter, status) {
    isLost = false;
    if (status === SAVED) forgetSent(letter);
  }

  function tellSaved(letter, status, text = "Saved") {
    const form = formOf(letter);
    if (status === SAVED && letter.isDraft && form && isOfRound(form, letter)) tellForm({ ...letter, words: ["saved", text] });
  }

  tabs?.addEventListener("message", async ({ data }) => {
    if (data.person !== person) return leave(); // somebody else has taken the seat
    if (!data.letter) return;
    told.delete(data.letter.key);
    arrived(data.letter, data.status);
    isStale = true;
    await followPlace();
    tellSaved(data.letter, data.status);
  });

  // --- Asking: polling, and catching up -----------------------------------------------------------------

  let address = live.dataset.stream;
  let ticketAt = now();
  let looking = null; // the look that is on its way
  let failures = 0;
  let network = new AbortController(); // ended with everything that was asked through it, once the network has come back

  async function ask(url, { wait = LONGEST_WAIT, headers = {}, ...options } = {}) {
    const type = options.body ? { "Content-Type": "application/x-www-form-urlencoded" } : {};
    const ends = [AbortSignal.timeout(wait), network.signal];
    const signal = AbortSignal.any ? AbortSignal.any(ends) : ends[0];
    return fetch(url, { ...options, headers: { "HX-Request": "true", ...type, ...headers }, signal });
  }

  function catchUp(wait = LONGEST_WAIT) {
    if (isLeaving || isLost) return Promise.resolve();
    looking ??= look(wait).finally(() => {
      looking = null;
    });
    return looking;
  }

  async function look(wait) {
    askedAt = now();
    const asked = shown();
    try {
      const answer = await ask(`${live.dataset.frame}?v=${asked}`, { wait });
      if (answer.redirected || GONE.includes(answer.status)) return leave();
      if (answer.headers.get("X-Stream")) {
        address = answer.headers.get("X-Stream");
        ticketAt = now();
      }
      if (answer.status === 204) olderTimes = 0;
      if (answer.status === 200) {
        const html = await answer.text();
        if (!isOlder(Number(parse(html, "frame")?.dataset.v), asked)) showFrame(html);
      }
      failures = answer.ok ? 0 : failures + 1;
    } catch {
      failures += 1;
    }
    tell();
  }

  // --- The stream ----------------------------------------------------------------------------------------

  let stream = null;
  let openedAt = 0;
  let heardAt = 0; // 0: this stream has said nothing yet
  let openedWith = -1; // the version that the page showed when it asked for the stream; -1 once it has said something
  let promised = -1; // the version that the last heartbeat told of
  let behindSince = 0;
  let streamTries = 0;
  let tryAt = 0;
  let askedAt = 0;
  let hiddenAt = document.hidden ? now() : 0;

  const works = () => stream !== null && heardAt > 0 && stream.readyState === EventSource.OPEN;

  function open() {
    close();
    if (isLeaving || isLost) return;
    if (!address) return giveUp(LONGEST_PAUSE); // until a frame brings one
    openedAt = now();
    openedWith = shown();
    stream = new EventSource(`${address}&v=${openedWith}`);
    stream.addEventListener("frame", (event) => {
      heard();
      if (isFirstWordOlder(Number(event.lastEventId))) return;
      showFrame(event.data);
    });
    stream.addEventListener("hb", (event) => {
      heard();
      if (isFirstWordOlder(Number(event.data))) return;
      promised = Number(event.data);
    });
    stream.addEventListener("closed", (event) => {
      if (event.data === "removed" || event.data === "gone") return leave();
      ticketAt = -TICKET; // expired: the next frame brings another
      giveUp(event.data === "elsewhere" ? LONGEST_PAUSE : undefined);
    });
    stream.addEventListener("error", () => {
      openedWith = shown(); // the browser opens it again by itself
      if (stream?.readyState === EventSource.CLOSED) giveUp();
      tell();
    });
  }

  function isFirstWordOlder(version) {
    const asked = openedWith;
    openedWith = -1;
    if (asked < 0 || !isOlder(version, asked)) return false;
    giveUp(); // another process may be a second behind
    catchUp();
    return true;
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

  let turns = 0; // of renewing; the last one counts

  async function renew(wait) {
    const turn = ++turns;
    tryAt = Infinity; // until the frame has come
    close();
    await catchUp(wait);
    if (turn !== turns) return;
    if (failures) tryAt = now() + patience(streamTries++);
    else if (!document.hidden) open();
  }

  function tick() {
    if (isLeaving || isLost) return;
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

  let wasCutOff = !navigator.onLine;

  function wake() {
    if (document.hidden) {
      hiddenAt ||= now();
      return;
    }
    const wasAway = hiddenAt && now() - hiddenAt > POLL;
    hiddenAt = 0;
    if (isLeaving) return loadAnew();
    if (isLost) return;
    if (wasAway || (wasCutOff && navigator.onLine)) return comeBack();
    hurry();
    sendAll();
    if (!works()) renew();
  }

  // What was on its way when the network went or the phone slept gets no answer, though it may look alive for long: a stream, and what
  // was asked. A key makes it harmless that something is sent again.
  async function comeBack() {
    wasCutOff = !navigator.onLine;
    streamTries = 0;
    network.abort();
    network = new AbortController();
    hurry();
    sendAll();
    await looking;
    renew(FIRST_WAIT);
  }

  function tell() {
    const status = document.getElementById("live-status");
    const state = isLost || !navigator.onLine || failures > 1 ? "offline" : works() ? "live" : failures || askedAt <= openedAt ? "reconnecting" : "polling";
    const words = isLost ? LOST : WORDS[state];
    if (!status || (status.dataset.state === state && status.textContent === words)) return;
    status.dataset.state = state;
    if (status.textContent !== words) status.textContent = words;
  }

  document.addEventListener("visibilitychange", wake);
  window.addEventListener("online", wake);
  window.addEventListener("offline", () => {
    wasCutOff = true;
    tell();
  });
  window.addEventListener("pageshow", (event) => event.persisted && (person ? location.reload() : wake())); // the seat may be another's by now
  window.addEventListener("pagehide", () => {
    close();
    endLease();
  });

  // What the whole page said when it was loaded is over when the room has gone on.
  document.addEventListener("gtm:own-replaced", () => document.querySelector(".messages")?.parentElement.remove());

  if (person) forgetOthers();
  tabs?.postMessage({ person });
  for (const letter of history.state?.unsent ?? []) told.set(letter.key, { ...letter, words: ["failed", PRESS_AGAIN] });
  if (history.state?.unsent) history.replaceState({ ...history.state, unsent: [] }, "");
  restoreDrafts();
  for (const each of told.values()) tellForm(each);
  followPlace();
  sendAll();
  open();
  setInterval(tick, 1000);
})();
