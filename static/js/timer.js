// The soft timer of a room: it counts down, and stops nobody.
(() => {
  "use strict";

  // Of a laptop whose clock is off; from the server's time when the timer was rendered. A timer may come late, from a page or a frame that
  // was kept, and then tells less: the most that any has told is the nearest.
  let ahead = null; // ms that the server's clock is ahead of this one
  const read = new WeakSet();

  function setClock(timer) {
    if (read.has(timer)) return;
    read.add(timer);
    if (timer.dataset.now) ahead = Math.max(ahead ?? -Infinity, new Date(timer.dataset.now).getTime() - Date.now());
  }

  function words(left) {
    if (left <= 0) return "Time is up";
    const seconds = Math.ceil(left / 1000);
    return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")} left`;
  }

  function tick() {
    for (const timer of document.querySelectorAll("[data-ends]")) {
      setClock(timer);
      const left = new Date(timer.dataset.ends).getTime() - Date.now() - (ahead ?? 0);
      const text = words(left);
      if (timer.textContent !== text) timer.textContent = text;
      timer.classList.toggle("is-up", left <= 0);
    }
  }

  tick();
  setInterval(tick, 500);
})();
