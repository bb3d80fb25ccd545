// From beat to beat: click, arrow keys, Home and End. Without this script every beat's words stand below each other.
"use strict";

(() => {
  const all = (selector) => [...document.querySelectorAll(selector)];

  const select = (number, { focus = false } = {}) => {
    for (const beat of all("[data-beat]")) {
      const chosen = beat.dataset.beat === number;
      beat.classList.toggle("is-selected", chosen);
      beat.setAttribute("tabindex", chosen ? "0" : "-1");
      if (chosen) beat.setAttribute("aria-current", "true");
      else beat.removeAttribute("aria-current");
      if (chosen && focus) beat.focus({ preventScroll: true });
      if (chosen) showInScroll(beat);
    }
    for (const mark of all("[data-mark]")) {
      const chosen = mark.dataset.mark === number;
      mark.classList.toggle("is-selected", chosen);
      if (chosen) showInScroll(mark);
    }
    for (const detail of all("[data-detail]")) detail.hidden = detail.dataset.detail !== number;
  };

  // A wide picture, and the paper, scroll sideways on a phone: the beat comes to the middle, the page stays where it is.
  const showInScroll = (beat) => {
    const scroll = beat.closest(".ecg-scroll");
    if (!scroll || scroll.scrollWidth <= scroll.clientWidth) return;
    const box = beat.getBoundingClientRect();
    const frame = scroll.getBoundingClientRect();
    scroll.scrollLeft += box.left + box.width / 2 - frame.left - frame.width / 2;
  };

  const start = () => {
    if (!document.querySelector("[data-beats]")) return;
    const asked = /^#beat-(\d+)$/.exec(location.hash)?.[1];
    const known = all("[data-beat]").map((beat) => beat.dataset.beat);
    const unsure = document.querySelector("[data-beat]:has(.is-unsure)")?.dataset.beat;
    if (known.length) select(known.includes(asked) ? asked : unsure ?? known[0]);
  };

  const step = (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || !event.target.closest?.("[data-beats], body")) return;
    if (event.target.closest("input, select, textarea, summary, .menu-panel")) return;
    const beats = all("[data-beat]");
    if (!beats.length) return;
    const at = beats.findIndex((beat) => beat.classList.contains("is-selected"));
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: beats.length - 1 }[event.key];
    if (to === undefined || ((event.key === "Home" || event.key === "End") && !event.target.closest("[data-beats]"))) return;
    event.preventDefault();
    select(beats[Math.min(Math.max(to, 0), beats.length - 1)].dataset.beat, { focus: true });
  };

  document.addEventListener("keydown", step);
  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    if (target?.closest("[data-print]")) window.print();
    const beat = target?.closest("[data-beat], [data-beat-link]");
    if (!beat) return;
    event.preventDefault();
    select(beat.dataset.beat ?? beat.dataset.beatLink, { focus: true });
  });

  // Paper shows the table in place of the selected beat.
  window.addEventListener("beforeprint", () => all(".beats-table").forEach((table) => { table.dataset.was = table.open; table.open = true; }));
  window.addEventListener("afterprint", () => all(".beats-table").forEach((table) => { table.open = table.dataset.was === "true"; }));

  // The result came by itself while the page was open; other parts that come later leave the choice as it is.
  document.addEventListener("htmx:afterSettle", () => document.querySelector(".beat.is-selected") || start());
  start();
})();
