// Before a picture is sent: turned upright, and the part that is to be read. Made when it is opened for the first time.
"use strict";

// Shows the row's tools where the browser can draw the file; returns a function that says the corners, or null.
window.adjustBeforeSending = (row, file) => {
  const LONGEST = 1600; // px of what is shown; points stay in the picture's own pixels
  const details = row.querySelector("[data-adjust]");
  if (!window.createImageBitmap || !window.ResizeObserver) return () => null;
  details.hidden = false;
  let editor = null;

  // Drawn by the browser as it shows it: upright by its own orientation, as the server will have it.
  const drawn = async () => {
    const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
    const share = Math.min(1, LONGEST / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [Math.round(bitmap.width * share), Math.round(bitmap.height * share)];
    canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    const size = { width: bitmap.width, height: bitmap.height };
    bitmap.close();
    return new Promise((resolve) => { canvas.toBlob((blob) => resolve({ ...size, url: URL.createObjectURL(blob) }), "image/png"); });
  };

  const open = async () => {
    const svg = details.querySelector("[data-canvas]");
    const { width, height, url } = await drawn();
    const picture = svg.querySelector("image");
    for (const [name, value] of Object.entries({ href: url, width, height })) picture.setAttribute(name, value);
    editor = window.pictureCorners(svg, { width, height, whole: [[0, 0], [width, 0], [width, height], [0, height]] });
  };

  details.addEventListener("toggle", () => {
    if (details.open && !details.dataset.made) {
      details.dataset.made = "true";
      open().catch(() => { details.hidden = true; }); // it is sent as it is
    }
  });
  details.addEventListener("click", (event) => {
    if (!editor) return;
    const turn = event.target.closest("[data-turn]");
    if (turn) editor.turn(Number(turn.dataset.turn));
    if (event.target.closest("[data-crop]")) {
      editor.crop();
      details.querySelector("[data-straight]").checked = true;
    }
    if (event.target.closest("[data-unadjust]")) editor.corners = null;
  });
  details.addEventListener("change", (event) => {
    if (editor && event.target.matches("[data-straight]")) editor.straight = event.target.checked;
  });
  return () => editor?.corners ?? null;
};
