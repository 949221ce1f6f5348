// A button that copies what stands in the field it names, and says so. The field stays for who copies by hand.
(() => {
  "use strict";

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const field = document.getElementById(button.dataset.copy);
    const said = document.getElementById(`${field.id}-copied`);
    try {
      await navigator.clipboard.writeText(field.value);
      said.textContent = "Copied.";
    } catch {
      field.select(); // as on a page without https
      said.textContent = "This browser does not let a page copy: it is marked, copy it with your keyboard.";
    }
  });
})();
