// Files that are too large for the server are refused before they are sent, which could take minutes.
(() => {
  "use strict";

  const form = document.getElementById("upload");
  const said = form?.querySelector("[data-too-large]");
  if (!said) return;

  const isTooLarge = () => {
    const files = [...form.querySelectorAll("input[type=file]")].flatMap((input) => [...input.files]);
    return files.reduce((sum, file) => sum + file.size, 0) > Number(form.dataset.most);
  };

  const tell = () => {
    const wrong = isTooLarge();
    said.textContent = wrong ? `Larger than ${form.dataset.mostWords} together, which is the most that this server takes.` : "";
    said.hidden = !wrong;
    return wrong;
  };

  form.addEventListener("change", tell);
  form.addEventListener("submit", (event) => {
    if (!tell()) return;
    event.preventDefault();
    event.stopPropagation();
  });
})();
