// A step of an import takes a few seconds: its button says so, and is not pressed twice.
(() => {
  "use strict";

  document.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!button?.dataset.busy) return;
    const words = button.textContent;
    // After the form is sent: a disabled button would not be of it.
    setTimeout(() => {
      button.textContent = button.dataset.busy;
      button.disabled = true;
      button.setAttribute("aria-busy", "true");
    });
    // Back from the next page, this one is as it was.
    window.addEventListener("pageshow", () => {
      button.textContent = words;
      button.disabled = false;
      button.removeAttribute("aria-busy");
    }, { once: true });
  });
})();
