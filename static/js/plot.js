// One tab stop for each drawing; the arrow keys go from point to point, and the point in question is said beside the
// title. Without this script every point is a link with its words.
"use strict";

(() => {
  for (const plot of document.querySelectorAll("[data-plot]")) {
    const dots = [...plot.querySelectorAll(".plot-dot")];
    const makeCurrent = (current) => {
      for (const dot of dots) dot.setAttribute("tabindex", dot === current ? "0" : "-1");
    };
    const goTo = (index) => {
      const dot = dots[Math.max(0, Math.min(index, dots.length - 1))];
      makeCurrent(dot);
      dot.focus();
    };
    makeCurrent(dots.at(-1));

    const readout = plot.querySelector("[data-plot-readout]");
    const say = (dot) => {
      readout.textContent = dot.getAttribute("aria-label");
    };
    for (const kind of ["focusin", "pointerover"]) {
      plot.addEventListener(kind, (event) => {
        const dot = event.target.closest(".plot-dot");
        if (dot) say(dot);
      });
    }
    say(dots.at(-1));

    plot.addEventListener("keydown", (event) => {
      const here = dots.indexOf(document.activeElement);
      if (here < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
      const target = { ArrowRight: here + 1, ArrowUp: here + 1, ArrowLeft: here - 1, ArrowDown: here - 1, Home: 0, End: dots.length - 1 }[event.key];
      if (target === undefined) return;
      event.preventDefault();
      goTo(target);
    });
  }
})();
