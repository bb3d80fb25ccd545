// A session that ended by itself must not cost what somebody typed.
//
// Before a form is sent the session is looked at, when the last look is more than a minute old; if it has ended,
// the form stays and a dialog says so. Automatic requests that answer 401 open the same dialog. Other scripts call
// `document.dispatchEvent(new CustomEvent("beatline:signed-out"))` when their fetch answers 401.
"use strict";

(() => {
  const url = document.body.dataset.sessionUrl;
  const dialog = document.getElementById("signed-out");
  if (!url || !dialog) return;

  const FRESH_MS = 60_000;
  const stillOut = dialog.querySelector("[data-session-still-out]");
  const unreachable = dialog.querySelector("[data-session-unreachable]");
  let lookedAt = Date.now();

  const show = (hint) => {
    stillOut.hidden = hint !== stillOut;
    unreachable.hidden = hint !== unreachable;
    if (!dialog.open) dialog.showModal();
  };

  // Signing in makes a new CSRF token; the page that stayed open must learn it.
  const refreshTokens = (token) => {
    for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) field.value = token;
    document.querySelector("meta[name=csrf-token]")?.setAttribute("content", token);
    document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
  };

  const signedIn = async () => {
    const answer = await fetch(url, { headers: { Accept: "application/json" }, credentials: "same-origin", cache: "no-store" });
    if (answer.status === 401) return false;
    if (!answer.ok) throw new Error(`The session could not be read. Received: ${answer.status}`);
    const session = await answer.json();
    if (!session.signed_in) return false;
    lookedAt = Date.now();
    refreshTokens(session.csrf_token);
    return true;
  };

  const send = (form, submitter) => {
    form.dataset.sessionChecked = "true";
    form.requestSubmit(submitter ?? undefined);
  };

  document.addEventListener(
    "submit",
    async (event) => {
      const form = event.target;
      if (form.dataset.sessionChecked) {
        delete form.dataset.sessionChecked;
        return;
      }
      const posts = form.method === "post" || form.matches("[hx-post]");
      if (!posts || Date.now() - lookedAt < FRESH_MS) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const submitter = event.submitter;
      try {
        if (await signedIn()) send(form, submitter);
        else show();
      } catch {
        show(unreachable);
      }
    },
    true,
  );

  dialog.querySelector("[data-session-continue]").addEventListener("click", async () => {
    try {
      if (!(await signedIn())) return show(stillOut);
      dialog.close();
      document.dispatchEvent(new CustomEvent("beatline:signed-in"));
    } catch {
      show(unreachable);
    }
  });

  document.addEventListener("beatline:signed-out", () => show());
  document.addEventListener("htmx:responseError", (event) => {
    if (event.detail.xhr.status === 401) show();
  });
})();
