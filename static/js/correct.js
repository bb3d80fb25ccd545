// The correction page: corners, turns and R peaks over the picture, with undo; the form carries them in hidden fields.
"use strict";

(() => {
  const form = document.querySelector("[data-correct]");
  if (!form || !window.ResizeObserver) return;
  const data = JSON.parse(document.getElementById("editor-data").textContent);
  const part = (name) => form.querySelector(`[${name}]`);
  const svg = part("data-canvas");
  const layer = svg.querySelector("[data-peaks]");
  const hint = part("data-hint");
  const SAME_BEAT_S = 0.15; // between the peaks of one beat in different leads
  const NEAR = 24; // px of the page from a click to a curve

  // A peak is found in the picture, or said here; what was said before and still holds is kept beside them.
  const fresh = () => ({ corners: data.corners, peaks: data.peaks.map((peak) => ({ ...peak, found: true })), added: data.added ?? [], removed: data.removed ?? [] });
  let now = fresh();
  let past = [];
  let future = [];
  let chosen = -1;
  let pressedPeak = false; // a click that began on a peak adds none
  let placing = false; // the next click on the trace says where a new peak belongs

  const editor = window.pictureCorners(svg, {
    ...data,
    changed: ({ done }) => { if (done) step({ ...now, corners: editor.corners }); },
  });

  const distance = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]);
  const nearest = (points, point) => points.reduce((best, other, number) => (best < 0 || distance(other, point) < distance(points[best], point) ? number : best), -1);

  const step = (next) => {
    if (JSON.stringify(next) === JSON.stringify(now)) return;
    past.push(now);
    future = [];
    show(next);
  };

  const show = (state) => {
    now = state;
    editor.corners = state.corners;
    if (chosen >= state.peaks.length) chosen = -1;
    const said = state.peaks.filter((peak) => !peak.found).map((peak) => peak.point);
    const write = (name, points) => { form.elements[name].value = points?.length ? JSON.stringify(points) : ""; };
    write("corners", state.corners);
    write("r_peaks_added", [...state.added, ...said]);
    write("r_peaks_removed", state.removed);
    part("data-undo").disabled = !past.length;
    part("data-redo").disabled = !future.length;
    renderPeaks();
  };

  const renderPeaks = () => {
    const focused = layer.contains(document.activeElement);
    const pixel = 1 / editor.scale();
    layer.replaceChildren(...now.peaks.map(({ point, found }, number) => {
      const peak = document.createElementNS("http://www.w3.org/2000/svg", "g");
      peak.setAttribute("class", `peak${found ? "" : " is-said"}${number === chosen ? " is-chosen" : ""}`);
      peak.setAttribute("tabindex", "0");
      peak.setAttribute("role", "button");
      peak.setAttribute("aria-label", `${svg.dataset.wordsPeak} ${number + 1}`);
      peak.setAttribute("aria-pressed", String(number === chosen));
      peak.dataset.peak = number;
      peak.setAttribute("transform", `translate(${point}) scale(${pixel})`);
      for (const [name, radius] of [["peak-room", 18], ["peak-dot", 7]]) {
        const circle = peak.appendChild(document.createElementNS("http://www.w3.org/2000/svg", "circle"));
        circle.setAttribute("class", name);
        circle.setAttribute("r", radius);
      }
      return peak;
    }));
    if (focused && chosen >= 0) layer.children[chosen]?.focus({ preventScroll: true });
    part("data-peak-delete").disabled = chosen < 0;
  };

  const choose = (number) => {
    chosen = number;
    renderPeaks();
    layer.children[number]?.focus({ preventScroll: true });
  };

  // The nearest point of any curve, or null where none is near.
  const onCurve = (point, within) => {
    let best = null;
    for (const line of data.lines) {
      for (let number = 1; number < line.length; number += 1) {
        const [a, b] = [line[number - 1], line[number]];
        const length = distance(a, b) ** 2 || 1;
        const share = Math.min(Math.max(((point[0] - a[0]) * (b[0] - a[0]) + (point[1] - a[1]) * (b[1] - a[1])) / length, 0), 1);
        const there = [a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])];
        if (!best || distance(there, point) < distance(best, point)) best = there;
      }
    }
    if (!best || distance(best, point) > within) return null;
    return [Math.min(Math.max(best[0], 0), data.width), Math.min(Math.max(best[1], 0), data.height)].map((value) => Math.round(value * 10) / 10);
  };

  // A found peak that goes is named; if it stood there because somebody had said so, that is taken back, too.
  // The same beat's peaks in other leads go with it: naming each of them would take away other beats.
  const without = (state, number) => {
    const { point, at_s, found } = state.peaks[number];
    const isSameBeat = (peak) => peak.found && at_s !== null && peak.at_s !== null && Math.abs(peak.at_s - at_s) < SAME_BEAT_S;
    const peaks = state.peaks.filter((peak, other) => other !== number && !(found && isSameBeat(peak)));
    if (!found) return { ...state, peaks };
    const others = state.peaks.filter((peak) => peak.found).map((peak) => peak.point);
    const added = state.added.filter((said) => others[nearest(others, said)] !== point);
    return { ...state, peaks, added, removed: [...state.removed, point] };
  };

  const having = (state, point) => {
    const removed = state.removed.filter((gone) => distance(gone, point) > NEAR / 2 / editor.scale());
    return { ...state, removed, peaks: [...state.peaks, { point, found: false }] };
  };

  const add = (point) => {
    if (!point) return;
    setPlacing(false);
    step(having(now, point));
    choose(now.peaks.length - 1);
  };

  const remove = (number) => {
    if (number < 0) return;
    chosen = -1;
    step(without(now, number));
  };

  const move = (number, point) => {
    if (!point) return;
    step(without(having(now, point), number));
    choose(now.peaks.length - 1);
  };

  const setPlacing = (on) => {
    placing = on;
    part("data-editor").classList.toggle("is-placing", on);
    part("data-peak-add").setAttribute("aria-pressed", String(on));
    sayPlacing(on ? "wordsPlace" : null);
  };

  const sayPlacing = (words) => {
    const place = part("data-place-hint");
    place.textContent = words ? place.dataset[words] : "";
  };

  // A click without a pointer is a key's: it drops the peak in the middle, from where arrow keys move it.
  const pressAdd = (button, event) => {
    button.focus({ preventScroll: true }); // not every browser does so at a click, and Enter is to reach it
    if (event.detail === 0) add(onCurve([data.width / 2, data.height / 2], Infinity));
    else setPlacing(!placing);
  };

  const mode = () => part("data-editor").dataset.mode;
  const setMode = (name) => {
    setPlacing(false);
    part("data-editor").dataset.mode = name;
    for (const tools of form.querySelectorAll("[data-for]")) tools.hidden = tools.dataset.for !== name;
    hint.textContent = hint.dataset[name === "peaks" ? "wordsPeaks" : "wordsCorners"];
  };

  svg.addEventListener("pointerdown", (event) => {
    if (mode() !== "peaks" || event.button !== 0) return;
    const peak = event.target.closest("[data-peak]");
    pressedPeak = Boolean(peak);
    if (!peak) return;
    event.preventDefault();
    const number = Number(peak.dataset.peak);
    const from = now.peaks[number].point;
    let to = null;
    choose(number);
    const follow = (moving) => {
      const point = editor.pointOf(moving);
      if (!to && distance(point, from) * editor.scale() < 4) return;
      to = onCurve(point, Infinity);
      layer.children[number]?.setAttribute("transform", `translate(${to}) scale(${1 / editor.scale()})`);
    };
    const drag = new AbortController();
    const stop = () => {
      drag.abort();
      if (to) move(number, to);
    };
    window.addEventListener("pointermove", follow, { signal: drag.signal });
    for (const end of ["pointerup", "pointercancel"]) window.addEventListener(end, stop, { signal: drag.signal });
  });

  svg.addEventListener("click", (event) => {
    if (mode() !== "peaks" || pressedPeak) return;
    const point = onCurve(editor.pointOf(event), NEAR / editor.scale());
    if (placing && !point) sayPlacing("wordsNone");
    add(point);
  });

  layer.addEventListener("keydown", (event) => {
    const peak = event.target.closest("[data-peak]");
    if (!peak) return;
    const number = Number(peak.dataset.peak);
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (event.key === "Delete" || event.key === "Backspace") remove(number);
    else if (event.key === "Enter" || event.key === " ") choose(number);
    else if (by) {
      const [x, y] = now.peaks[number].point;
      move(number, onCurve([x + by * Math.max(data.width / 400, 1), y], Infinity));
    } else return;
    event.preventDefault();
  });

  const actions = {
    "[data-turn]": (button) => editor.turn(Number(button.dataset.turn)),
    "[data-crop]": () => { editor.crop(); part("data-straight").checked = true; },
    "[data-peak-add]": pressAdd,
    "[data-peak-delete]": () => remove(chosen),
    "[data-undo]": () => { future.push(now); show(past.pop()); },
    "[data-redo]": () => { past.push(now); show(future.pop()); },
    "[data-reset]": () => {
      for (const select of form.querySelectorAll("select")) {
        select.value = "";
        select.dispatchEvent(new Event("change", { bubbles: true }));
      }
      step({ ...fresh(), corners: null, added: [], removed: [] });
    },
  };
  form.addEventListener("click", (event) => {
    for (const [selector, act] of Object.entries(actions)) {
      const button = event.target.closest(selector);
      if (button) act(button, event);
    }
  });
  document.addEventListener("keydown", (event) => {
    if (placing && event.key === "Escape") setPlacing(false);
  });
  form.addEventListener("change", (event) => {
    if (event.target.matches("[name=editing]")) setMode(event.target.value);
    if (event.target.matches("[data-straight]")) editor.straight = event.target.checked;
  });

  for (const hidden of form.querySelectorAll("[data-no-script]")) hidden.remove();
  part("data-tools").hidden = false;
  part("data-straight").checked = editor.straight;
  setMode("corners");
  show(now);
  new ResizeObserver(renderPeaks).observe(svg);
})();
