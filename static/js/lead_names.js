// The correction page: says where one name is given to two places. It stops nobody, as a sheet may show a lead twice.
"use strict";

(() => {
  const names = document.querySelector("[data-lead-names]");
  if (!names) return;
  const warning = names.querySelector("[data-named-twice]");
  const words = warning.querySelector("[data-twice-words]");
  const selects = [...names.querySelectorAll("select[data-found]")];

  const nameOf = (select) => (select.value === "unknown" ? "" : select.value || select.dataset.found);
  const placeOf = (select) => names.querySelector(`label[for="${select.id}"]`).firstChild.textContent.trim();

  // A rhythm strip repeats a lead of the columns above it: only places of one kind are compared.
  const twins = () => {
    const groups = Map.groupBy(selects.filter(nameOf), (select) => `${select.dataset.kind} ${nameOf(select)}`);
    return [...groups.values()].filter((group) => group.length > 1);
  };

  const show = () => {
    const groups = twins();
    for (const select of selects) select.classList.toggle("is-twin", groups.some((group) => group.includes(select)));
    words.textContent = groups.map((group) => `${nameOf(group[0])}: ${group.map(placeOf).join("; ")}.`).join(" ");
    warning.firstElementChild.hidden = !groups.length;
  };

  names.addEventListener("change", show);
  show();
})();
