// A session that ended by itself must not cost what somebody typed.
//
// Before a form is sent the session is looked at, when the last look is more than a minute old; if it has ended,
// the form stays and a dialog says so. Automatic requests that answer 401 open the same dialog. Other scripts call
// `document.dispatchEvent(new CustomEvent("beatline:signed-out"))` when their fetch answers 401.
"use strict";

(() => {
  const { sessionUrl: url, hospital, person } = document.body.dataset;
  const signedOut = document.getElementById("signed-out");
  const otherHospital = document.getElementById("other-hospital");
  const otherPerson = document.getElementById("other-person");
  if (!url || !signedOut) return;

  const FRESH_MS = 60_000;
  const stillOut = signedOut.querySelector("[data-session-still-out]");
  const unreachable = signedOut.querySelector("[data-session-unreachable]");
  let lookedAt = Date.now();

  const open = (dialog) => {
    if (!dialog.open) dialog.showModal();
  };

  const showSignedOut = (hint) => {
    stillOut.hidden = hint !== stillOut;
    unreachable.hidden = hint !== unreachable;
    open(signedOut);
  };

  // Signing in makes a new CSRF token; the page that stayed open must learn it.
  const refreshTokens = (token) => {
    for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) field.value = token;
    document.querySelector("meta[name=csrf-token]")?.setAttribute("content", token);
    document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
  };

  const look = async () => {
    const answer = await fetch(url, { headers: { Accept: "application/json" }, credentials: "same-origin", cache: "no-store" });
    if (answer.status === 401) return { signed_in: false };
    if (!answer.ok) throw new Error(`The session could not be read. Received: ${answer.status}`);
    return answer.json();
  };

  // True when this page may send: the person who opened it is signed in, and works in the hospital that the page was
  // made for. Otherwise says why not. On a shared workstation nothing is ever signed with somebody else's name.
  const ready = async (hint) => {
    try {
      const session = await look();
      if (!session.signed_in) return showSignedOut(hint);
      if (session.person && person && session.person !== person) return open(otherPerson);
      if (session.hospital && hospital && session.hospital !== hospital) return open(otherHospital);
      lookedAt = Date.now();
      refreshTokens(session.csrf_token);
      return true;
    } catch {
      return showSignedOut(unreachable);
    }
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
      const posts = form.getAttribute("method")?.toLowerCase() === "post" || form.matches("[hx-post]");
      if (!posts || Date.now() - lookedAt < FRESH_MS) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const submitter = event.submitter;
      submitter?.setAttribute("aria-busy", "true");
      const go = await ready();
      submitter?.removeAttribute("aria-busy");
      if (go) send(form, submitter);
    },
    true,
  );

  for (const button of document.querySelectorAll("[data-session-continue]")) {
    button.addEventListener("click", async () => {
      if (!(await ready(stillOut))) return;
      signedOut.close();
      otherHospital.close();
      otherPerson.close();
      document.dispatchEvent(new CustomEvent("beatline:signed-in"));
    });
  }

  document.addEventListener("beatline:signed-out", () => showSignedOut());
  document.addEventListener("htmx:responseError", (event) => {
    if (event.detail.xhr.status === 401) showSignedOut();
  });
})();
