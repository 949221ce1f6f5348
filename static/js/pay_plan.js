// The plan on one page: its button prints it.
document.querySelector("[data-print]").addEventListener("click", () => window.print());
