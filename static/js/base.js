// Behaviour that every page shares: theme, menus, dialogs, and an answer to a click within 100 ms.
"use strict";

(() => {
  const root = document.documentElement;

  const chooseTheme = (theme) => {
    if (theme) root.dataset.theme = theme;
    else delete root.dataset.theme;
    const age = theme ? 60 * 60 * 24 * 365 : 0;
    const secure = location.protocol === "https:" ? "; Secure" : "";
    // A cookie, so that the server sends the page in the right colours at once.
    document.cookie = `theme=${theme}; Path=/; Max-Age=${age}; SameSite=Lax${secure}`;
    for (const button of document.querySelectorAll("[data-theme-choice]")) {
      button.setAttribute("aria-pressed", String(button.dataset.themeChoice === theme));
    }
  };

  const closeMenus = (except) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (menu !== except) menu.open = false;
    }
  };

  // A panel that would begin or end outside the window is moved into it.
  const keepInside = (panel) => {
    const edge = 8;
    panel.style.translate = "none";
    const { left, right } = panel.getBoundingClientRect();
    const over = Math.max(0, right - (root.clientWidth - edge));
    panel.style.translate = `${Math.max(-over, edge - left)}px`;
  };

  document.addEventListener("toggle", (event) => {
    if (event.target.matches("details.menu[open]")) keepInside(event.target.querySelector(".menu-panel"));
  }, true);

  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    closeMenus(target?.closest("details.menu"));
    const choice = target?.closest("[data-theme-choice]");
    if (choice) chooseTheme(choice.dataset.themeChoice);
    const opener = target?.closest("[data-dialog-open]");
    if (opener) document.getElementById(opener.dataset.dialogOpen)?.showModal();
    if (target?.closest("[data-dialog-close]")) target.closest("dialog")?.close();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.querySelector("details.menu[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });

  document.addEventListener("focusin", (event) => closeMenus(event.target.closest("details.menu")));

  // A form that leaves the page is sent once; its button says that it heard.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.getAttribute("method")?.toLowerCase() !== "post" || form.matches("[hx-post], [data-stays]")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "true";
    event.submitter?.setAttribute("aria-busy", "true");
  });

  // Back from the next page the form may be sent again.
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
    for (const button of document.querySelectorAll("[type=submit][aria-busy], button[aria-busy]")) button.removeAttribute("aria-busy");
  });

  // On a phone the row of tabs is longer than the screen: the current one is brought into sight.
  for (const tab of document.querySelectorAll(".tabs > [aria-current], .tabs > [aria-selected='true']")) {
    const row = tab.parentElement;
    const [inner, outer] = [tab.getBoundingClientRect(), row.getBoundingClientRect()];
    row.scrollLeft += inner.left + inner.width / 2 - (outer.left + outer.width / 2);
  }

  // The first wrong field takes the focus, so that the keyboard starts where the work is.
  document.querySelector("main [aria-invalid='true']")?.focus();
})();
