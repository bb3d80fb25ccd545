// The patient list by keyboard: "/" finds the search, the arrows go through the rows.
"use strict";

(() => {
  const search = document.getElementById("query");
  const list = document.getElementById("patients");
  if (!search || !list) return;

  const rows = () => [...list.querySelectorAll(".row-link")];
  const isTyping = (element) => element instanceof Element && element.matches("input, textarea, select, [contenteditable]");

  const move = (from, step) => {
    const links = rows();
    const next = links.indexOf(from) + step;
    if (next < 0) search.focus();
    else links[Math.min(next, links.length - 1)]?.focus();
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    const here = document.activeElement;
    if (event.key === "/" && !isTyping(here)) {
      event.preventDefault();
      search.focus();
      search.select();
      return;
    }
    const inList = here?.matches(".row-link");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && (inList || (here === search && step > 0))) {
      event.preventDefault();
      move(inList ? here : null, step);
    } else if (inList && (event.key === "Home" || event.key === "End")) {
      event.preventDefault();
      rows().at(event.key === "Home" ? 0 : -1)?.focus();
    }
  });

  // A page restored by the browser may hold a search whose rows are not the ones shown.
  window.addEventListener("pageshow", () => {
    if (search.value !== search.defaultValue) search.form.requestSubmit();
  });
})();
