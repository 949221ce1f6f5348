// The soft timer of a room: it counts down, and stops nobody.
(() => {
  "use strict";

  function words(left) {
    if (left <= 0) return "Time is up";
    const seconds = Math.ceil(left / 1000);
    return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")} left`;
  }

  function tick() {
    for (const timer of document.querySelectorAll("[data-ends]")) {
      const left = new Date(timer.dataset.ends).getTime() - Date.now();
      const text = words(left);
      if (timer.textContent !== text) timer.textContent = text;
      timer.classList.toggle("is-up", left <= 0);
    }
  }

  tick();
  setInterval(tick, 500);
})();
