// The portfolio's filter applies as it changes: its form asks for the parts of the page that the new view decides.
(() => {
  "use strict";

  const TYPING_PAUSE = 300; // ms without a key before what was typed is looked for
  const ID = "portfolio-filter";
  let timer = 0;

  const form = () => document.getElementById(ID);
  const said = () => new URLSearchParams(new FormData(form())).toString();
  let asked = said();

  function ask() {
    clearTimeout(timer);
    if (said() === asked) return;
    asked = said();
    document.getElementById("portfolio-found").setAttribute("aria-busy", "true");
    htmx.trigger(form(), "narrowed");
  }

  document.addEventListener("input", (event) => {
    if (event.target.id !== "q") return;
    clearTimeout(timer);
    timer = setTimeout(ask, TYPING_PAUSE);
  });

  document.addEventListener("change", (event) => event.target.form?.id === ID && ask());

  document.addEventListener("submit", (event) => {
    if (event.target.id !== ID) return;
    event.preventDefault();
    ask();
  });

  // An option that is reused for another choice keeps that somebody had chosen it: the reply says what is chosen.
  function chooseAsReplied() {
    for (const select of form().querySelectorAll("select")) {
      select.selectedIndex = Math.max(0, [...select.options].findIndex((option) => option.defaultSelected));
    }
    // What was typed since is still to be asked for.
    const replied = new URLSearchParams(new FormData(form()));
    replied.set("q", new URLSearchParams(asked).get("q") ?? "");
    asked = replied.toString();
  }

  // Companies that are ticked to be compared stay so as far as they are shown.
  let ticked = [];
  const boxes = () => document.querySelectorAll('#portfolio-found input[name="company"]');
  // Each segment has a box, and companies are compared.
  function count() {
    const number = new Set([...boxes()].filter((box) => box.checked).map((box) => box.value)).size;
    const said = document.getElementById("ticked");
    if (said) said.textContent = number ? `${number} ${number === 1 ? "company" : "companies"} ticked; two to six stand side by side.` : said.dataset.usual;
  }
  document.addEventListener("change", (event) => event.target.name === "company" && count());
  document.addEventListener("htmx:before:swap", () => {
    ticked = [...boxes()].filter((box) => box.checked).map((box) => box.value);
  });

  document.addEventListener("htmx:after:swap", () => {
    chooseAsReplied();
    document.querySelector("body > div > .messages")?.parentElement.remove(); // it was said of the view that stood here before
    for (const box of boxes()) box.checked = ticked.includes(box.value);
    count();
    gtmCharts.draw(document.getElementById("portfolio-found"), { isNew: true });
  });

  // Nothing of the view came, as where the session has ended: a whole page shows the view, or says why not.
  const open = () => location.assign(`${form().action}?${said()}`);
  document.addEventListener("htmx:after:request", (event) => {
    const { headers } = event.detail.ctx.response;
    if (!headers.has("HX-Push-Url") && !headers.has("HX-Replace-Url")) open();
  });
  document.addEventListener("htmx:error", (event) => {
    if (event.detail.error?.name !== "AbortError") open(); // given up for a newer view
  });
})();
