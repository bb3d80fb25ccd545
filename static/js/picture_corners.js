// Four corners over a picture that can be dragged, moved by keys and turned; the correction page and the upload use it.
// The SVG holds <g data-turned> with the picture and <g data-corners>; points are in pixels of the upright picture.
"use strict";

window.pictureCorners = (svg, { width, height, whole, corners = null, changed = () => {} }) => {
  const NS = "http://www.w3.org/2000/svg";
  const LEAST = 32; // of a side; the server holds the same
  const turned = svg.querySelector("[data-turned]");
  const layer = turned.querySelector("[data-corners]");
  const words = svg.dataset.wordsCorners.split("|");
  let at = corners; // null: as found
  let straight = true;

  const make = (name, attributes) => {
    const element = document.createElementNS(NS, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  };
  const shade = layer.appendChild(make("path", { class: "corner-shade", "fill-rule": "evenodd" }));
  const outline = layer.appendChild(make("polygon", { class: "corner-outline" }));
  const handles = words.map((label, number) => {
    const handle = layer.appendChild(make("g", { class: "handle", tabindex: "0", role: "button", "aria-label": label, "data-handle": number }));
    handle.append(make("circle", { class: "handle-room" }), make("circle", { class: "handle-dot" }));
    return handle;
  });

  const shown = () => at ?? whole;
  const clamp = ([x, y]) => [Math.min(Math.max(x, 0), width), Math.min(Math.max(y, 0), height)].map((value) => Math.round(value * 10) / 10);
  const scale = () => { const matrix = turned.getScreenCTM(); return matrix ? Math.hypot(matrix.a, matrix.b) || 1 : 1; };

  // Clockwise quarter turns that set the part upright.
  const turns = () => {
    const [[x0, y0], [x1, y1]] = shown();
    return (4 - Math.round(Math.atan2(y1 - y0, x1 - x0) / (Math.PI / 2))) % 4;
  };

  const isPossible = (quad) => quad.every((a, number) => {
    const [b, c] = [quad[(number + 1) % 4], quad[(number + 2) % 4]];
    const turnsRight = (b[0] - a[0]) * (c[1] - b[1]) - (b[1] - a[1]) * (c[0] - b[0]) > 0;
    return turnsRight && Math.hypot(b[0] - a[0], b[1] - a[1]) >= LEAST;
  });

  const isStraight = (quad) => quad.every((a, number) => {
    const b = quad[(number + 1) % 4];
    return Math.min(Math.abs(a[0] - b[0]), Math.abs(a[1] - b[1])) < 1;
  });

  // A corner of a straight rectangle takes its two neighbours along.
  const moved = (number, point) => {
    const quad = shown().map((corner) => [...corner]);
    const old = quad[number];
    for (const near of straight ? [(number + 1) % 4, (number + 3) % 4] : []) {
      const axis = Math.abs(quad[near][0] - old[0]) < Math.abs(quad[near][1] - old[1]) ? 0 : 1;
      quad[near][axis] = point[axis];
    }
    quad[number] = point;
    return quad;
  };

  const render = () => {
    const count = turns();
    const odd = count % 2 === 1;
    svg.parentElement.classList.toggle("is-turned", odd);
    svg.setAttribute("viewBox", `0 0 ${odd ? height : width} ${odd ? width : height}`);
    turned.setAttribute("transform", ["", `translate(${height} 0) rotate(90)`, `translate(${width} ${height}) rotate(180)`, `translate(0 ${width}) rotate(-90)`][count]);
    const quad = shown();
    const line = quad.map((corner) => corner.join(","));
    outline.setAttribute("points", line.join(" "));
    shade.setAttribute("d", `M0 0H${width}V${height}H0ZM${line.join("L")}Z`);
    const pixel = 1 / scale();
    handles.forEach((handle, number) => {
      handle.setAttribute("transform", `translate(${quad[number]}) scale(${pixel})`);
      handle.querySelector(".handle-room").setAttribute("r", 22);
      handle.querySelector(".handle-dot").setAttribute("r", 9);
    });
  };

  const set = (quad, { done = true } = {}) => {
    if (quad && !isPossible(quad)) return;
    at = quad;
    render();
    changed({ done });
  };

  const pointOf = (event) => {
    const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(turned.getScreenCTM().inverse());
    return clamp([x, y]);
  };

  layer.addEventListener("pointerdown", (event) => {
    const handle = event.target.closest("[data-handle]");
    if (!handle) return;
    event.preventDefault();
    handle.focus({ preventScroll: true });
    const number = Number(handle.dataset.handle);
    const follow = (move) => set(moved(number, pointOf(move)), { done: false });
    const drag = new AbortController();
    const stop = () => {
      drag.abort();
      changed({ done: true });
    };
    handle.setPointerCapture(event.pointerId);
    handle.addEventListener("pointermove", follow, { signal: drag.signal });
    for (const end of ["pointerup", "pointercancel"]) handle.addEventListener(end, stop, { signal: drag.signal });
  });

  layer.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    const handle = event.target.closest("[data-handle]");
    if (!step || !handle) return;
    event.preventDefault();
    // As it looks on the page, also where the picture is turned.
    const [dx, dy] = [step, [step[1], -step[0]], [-step[0], -step[1]], [-step[1], step[0]]][turns()];
    const by = event.shiftKey ? 1 : Math.max(Math.round(width / 100), 1);
    const number = Number(handle.dataset.handle);
    const [x, y] = shown()[number];
    set(moved(number, clamp([x + dx * by, y + dy * by])));
  });

  straight = isStraight(shown());
  render();
  new ResizeObserver(render).observe(svg);
  return {
    get corners() { return at; },
    set corners(quad) { at = quad; render(); },
    get straight() { return straight; },
    set straight(value) { straight = value; },
    scale,
    pointOf,
    turn(by) {
      const quad = shown();
      set(quad.map((_, number) => quad[(number - by + 4) % 4]));
    },
    // The part made a rectangle, as upright as it is now; a little inside the picture where the part is all of it.
    crop() {
      const [xs, ys] = [0, 1].map((axis) => shown().map((corner) => corner[axis]));
      const part = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
      const isAll = part[2] - part[0] > 0.95 * width && part[3] - part[1] > 0.95 * height;
      const [left, top, right, bottom] = (isAll ? [width * 0.05, height * 0.05, width * 0.95, height * 0.95] : part).map(Math.round);
      const rectangle = [[left, top], [right, top], [right, bottom], [left, bottom]];
      straight = true;
      set(rectangle.map((_, number) => rectangle[(number - turns() + 4) % 4]));
    },
  };
};
