// Copies what a field holds: <button data-copy="field-id">, and says so in [data-copied].
"use strict";

(() => {
  document.addEventListener("click", async (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-copy]") : null;
    if (!button) return;
    const field = document.getElementById(button.dataset.copy);
    const words = document.querySelector("[data-copied]");
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      words.textContent = words.dataset.wordsDone;
    } catch {
      // No clipboard without HTTPS or the reader's leave: the field stays selected.
      words.textContent = words.dataset.wordsFailed;
    }
  });
})();
