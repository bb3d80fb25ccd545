// Files are shown before they are sent, go one after the other with progress, and stay in the list when one fails.
"use strict";

(() => {
  const form = document.querySelector("[data-upload]");
  if (!form || !window.FormData) return;
  document.documentElement.classList.add("has-script");

  const words = form.dataset;
  const list = form.querySelector("[data-files]");
  const template = form.querySelector("[data-file-template]");
  const zone = form.querySelector("[data-dropzone]");
  const send = form.querySelector("[data-send]");
  const PREVIEWED = ["image/jpeg", "image/png", "image/bmp", "image/webp", "image/gif"];
  const queue = new Map(); // row -> {file, state: waiting | sending | done | failed, confirmed}
  let busy = false;
  let numbers = 0; // of rows so far

  const waiting = () => [...queue].filter(([, entry]) => entry.state === "waiting");

  const refresh = () => {
    send.disabled = busy || waiting().length === 0;
    send.toggleAttribute("aria-busy", busy);
    if (busy) send.setAttribute("aria-busy", "true");
  };

  const say = (row, sentence) => { row.querySelector(".file-state").textContent = sentence; };

  const size = (bytes) => (bytes < 1e6 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`);

  const preview = (row, file) => {
    if (!PREVIEWED.includes(file.type)) return;
    const picture = document.createElement("img");
    picture.alt = "";
    picture.src = URL.createObjectURL(file);
    picture.addEventListener("load", () => {
      row.querySelector(".file-preview").replaceChildren(picture);
      URL.revokeObjectURL(picture.src);
    });
    picture.addEventListener("error", () => URL.revokeObjectURL(picture.src)); // the icon stays
  };

  // Heard, too: the rows' progress and buttons are the same for all files. The name is stored nowhere.
  const show = (row, name) => {
    const shown = row.querySelector(".file-name");
    shown.textContent = name;
    shown.id = `file-${++numbers}`;
    for (const part of row.querySelectorAll("progress, [data-again], [data-remove], summary")) part.setAttribute("aria-describedby", shown.id);
  };

  const add = (file) => {
    const row = template.content.firstElementChild.cloneNode(true);
    show(row, file.name);
    preview(row, file);
    list.append(row);
    const adjusted = PREVIEWED.includes(file.type) ? window.adjustBeforeSending(row, file) : () => null;
    queue.set(row, { file, state: "waiting", confirmed: false, adjusted });
    say(row, `${words.wordsWaiting} · ${size(file.size)}`);
    if (file.size > Number(words.maxBytes)) fail(row, words.wordsTooLarge, { again: false });
    refresh();
  };

  const fail = (row, sentence, { again = true } = {}) => {
    queue.get(row).state = "failed";
    row.classList.add("is-failed");
    say(row, sentence);
    row.querySelector("progress").hidden = true;
    row.querySelector("[data-again]").hidden = !again;
    row.querySelector("[data-remove]").hidden = false;
  };

  const body = (entry) => {
    const data = new FormData(form);
    data.delete("files");
    data.append("files", entry.file, entry.file.name);
    const corners = entry.adjusted();
    if (corners) data.set("corners", JSON.stringify(corners));
    if (entry.confirmed) data.set("confirm_duplicate", "on");
    return data;
  };

  const transfer = (row, entry) =>
    new Promise((resolve) => {
      const request = new XMLHttpRequest();
      const bar = row.querySelector("progress");
      request.open("POST", location.pathname);
      request.setRequestHeader("HX-Request", "true");
      request.setRequestHeader("X-CSRFToken", document.querySelector("meta[name=csrf-token]").content);
      request.upload.addEventListener("progress", (event) => {
        if (event.lengthComputable) bar.value = event.loaded / event.total;
        if (event.loaded === event.total) bar.removeAttribute("value");
      });
      request.addEventListener("load", () => resolve(request));
      request.addEventListener("error", () => resolve(null));
      request.addEventListener("timeout", () => resolve(null));
      bar.hidden = false;
      request.send(body(entry));
    });

  const finish = (row, entry, answer) => {
    const outcome = row.querySelector(".file-outcome");
    row.querySelector("progress").hidden = true;
    outcome.innerHTML = answer.responseText; // the portal's own fragment
    const kind = outcome.querySelector("[data-outcome]")?.dataset.outcome;
    if (!kind) {
      outcome.replaceChildren();
      return fail(row, words.wordsFailed);
    }
    window.htmx?.process(outcome);
    entry.state = kind === "created" || kind === "exists" ? "done" : "failed";
    row.querySelector("[data-adjust]").hidden ||= entry.state === "done" || kind === "refused";
    say(row, size(entry.file.size));
    row.querySelector("[data-again]").hidden = kind !== "invalid";
    row.querySelector("[data-remove]").hidden = entry.state === "done";
  };

  const sendOne = async (row, entry) => {
    entry.state = "sending";
    row.querySelector("[data-adjust]").open = false;
    row.classList.remove("is-failed");
    say(row, words.wordsSending);
    row.querySelector(".file-outcome").replaceChildren();
    row.querySelector("[data-again]").hidden = true;
    row.querySelector("[data-remove]").hidden = true;
    const answer = await transfer(row, entry);
    if (!answer) return fail(row, words.wordsLost);
    if (answer.status === 401) {
      fail(row, words.wordsSignedOut);
      document.dispatchEvent(new CustomEvent("beatline:signed-out"));
      return;
    }
    if (![200, 409, 422].includes(answer.status)) return fail(row, words.wordsFailed);
    finish(row, entry, answer);
  };

  const sendAll = async () => {
    if (busy || !form.reportValidity()) return;
    busy = true;
    refresh();
    for (let next = waiting()[0]; next; next = waiting()[0]) await sendOne(...next);
    busy = false;
    refresh();
  };

  const again = (row, { confirmed = false } = {}) => {
    const entry = queue.get(row);
    entry.state = "waiting";
    entry.confirmed ||= confirmed;
    sendAll();
  };

  const take = (input) => {
    for (const file of input.files) add(file);
    input.value = "";
  };

  for (const input of form.querySelectorAll("input[type=file]")) {
    input.addEventListener("change", () => take(input));
    take(input); // what was chosen before this script came
  }

  list.addEventListener("click", (event) => {
    const row = event.target.closest("li.file");
    if (!row) return;
    if (event.target.closest("[data-again]")) again(row);
    if (event.target.closest("[data-confirm]")) again(row, { confirmed: true });
    if (event.target.closest("[data-remove]")) {
      queue.delete(row);
      row.remove();
      form.querySelector("input[type=file]").focus();
      refresh();
    }
  });

  for (const name of ["dragenter", "dragover"]) {
    zone.addEventListener(name, (event) => { event.preventDefault(); zone.classList.add("is-over"); });
  }
  for (const name of ["dragleave", "drop"]) {
    zone.addEventListener(name, (event) => { event.preventDefault(); zone.classList.remove("is-over"); });
  }
  zone.addEventListener("drop", (event) => { for (const file of event.dataTransfer.files) add(file); });
  // A file dropped beside the zone would open in place of the page.
  for (const name of ["dragover", "drop"]) window.addEventListener(name, (event) => event.preventDefault());

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    sendAll();
  });

  window.addEventListener("beforeunload", (event) => { if (busy || waiting().length) event.preventDefault(); });
  document.addEventListener("beatline:signed-in", sendAll);
  refresh();
})();
