// The big screen: nobody can scroll it, so what is higher than the screen is shown smaller.
(() => {
  "use strict";

  const SMALLEST = 0.5; // of its size; below that nobody reads it from the other end of a room
  const main = document.querySelector(".screen-page");

  function fit() {
    main.style.zoom = 1;
    const room = window.innerHeight / document.documentElement.scrollHeight;
    if (room < 1) main.style.zoom = Math.max(room, SMALLEST);
  }

  for (const name of ["gtm:frame-replaced", "gtm:drawn"]) document.addEventListener(name, () => requestAnimationFrame(fit));
  window.addEventListener("resize", fit);
  fit();
})();
