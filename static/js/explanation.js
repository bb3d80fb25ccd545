// Shades on and off over the explained beat. Without this script they are simply there.
"use strict";

(() => {
  const offer = () => {
    for (const button of document.querySelectorAll("[data-look-toggle][hidden]")) button.hidden = false;
  };

  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-look-toggle]") : null;
    if (!button) return;
    const shown = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(shown));
    button.closest("[data-look]").classList.toggle("is-plain", !shown);
  });

  // The pressed button is gone with the answer: the focus stays in its place, so that the keyboard goes on from there.
  document.addEventListener("htmx:afterSettle", (event) => {
    const explanation = event.detail.elt?.closest?.(".explanation");
    if (explanation && document.activeElement === document.body) explanation.focus({ preventScroll: true });
    offer();
  });
  offer();
})();
