// The reading desk without a mouse: arrows move, a letter labels, the picture follows.
(() => {
  const desk = document.getElementById("desk");
  if (!desk) return;
  const rows = [...desk.querySelectorAll("[data-row]")];
  const boxes = new Map([...desk.querySelectorAll("[data-beat]")].map((box) => [box.dataset.beat, box]));
  const marks = new Map([...desk.querySelectorAll("[data-mark]")].map((mark) => [mark.dataset.mark, mark]));
  const words = desk.querySelector("[data-changed-words]");
  const selectOf = (row) => row.querySelector("select");
  let current = -1;

  function show(row) {
    const letter = selectOf(row).value;
    row.classList.toggle("is-changed", letter !== row.dataset.model);
    label(boxes.get(row.dataset.row), letter, ".beat-letter");
    label(marks.get(row.dataset.row), letter, ".paper-letter");
  }

  // Over the picture and on the trace drawn anew alike; there is no mark where a beat was not found in the trace.
  function label(place, letter, letterOf) {
    if (!place) return;
    for (const other of "nsvfq") place.classList.toggle(`class-${other}`, other === letter.toLowerCase());
    const shape = place.querySelector("use");
    shape.setAttribute("href", shape.getAttribute("href").replace(/#class-[NSVFQ]/, `#class-${letter}`));
    place.querySelector(letterOf).textContent = letter;
  }

  function count() {
    const changed = rows.filter((row) => row.classList.contains("is-changed")).length;
    const text = changed === 0 ? words.dataset.none : changed === 1 ? words.dataset.one : words.dataset.many;
    words.textContent = text.replace("{n}", changed);
    for (const button of desk.querySelectorAll("[data-when]")) {
      button.disabled = (button.dataset.when === "changed") !== changed > 0;
    }
  }

  function choose(index, { focus = true } = {}) {
    if (!rows[index]) return;
    current = index;
    rows.forEach((row, i) => {
      row.classList.toggle("is-selected", i === index);
      for (const place of [boxes, marks]) place.get(row.dataset.row)?.classList.toggle("is-selected", i === index);
    });
    if (focus) selectOf(rows[index]).focus({ preventScroll: false });
  }

  rows.forEach((row, index) => {
    selectOf(row).addEventListener("change", () => { show(row); count(); });
    selectOf(row).addEventListener("focus", () => choose(index, { focus: false }));
    boxes.get(row.dataset.row)?.addEventListener("click", (event) => { event.preventDefault(); choose(index); });
    show(row);
  });
  count();

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("textarea, input")) return;
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      choose(Math.min(rows.length - 1, Math.max(0, current + step)));
    } else if (current >= 0 && /^[nsvfq]$/i.test(event.key)) {
      event.preventDefault();
      selectOf(rows[current]).value = event.key.toUpperCase();
      selectOf(rows[current]).dispatchEvent(new Event("change", { bubbles: true }));
    }
  });
})();
