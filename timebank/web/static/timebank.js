// What scripts add: nothing here is needed to use a page.

import { keepDrafts } from "./drafts.js";
import { initAll } from "./vendor/govuk-frontend.min.js";

// govuk-frontend starts only on a body that says so; its own template does this by an inline script, which our CSP forbids.
document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();

document.body.addEventListener("htmx:afterSettle", (event) => {
  initAll({ scope: event.detail.elt });
});

// "More" replaces itself, and would leave a keyboard nowhere: go to the first line it brought.
let before = null;
document.body.addEventListener("htmx:beforeSwap", (event) => {
  const line = event.detail.target;
  before = line.matches(".more") ? { list: line.parentElement, index: [...line.parentElement.children].indexOf(line) } : null;
});
document.body.addEventListener("htmx:afterSwap", () => {
  const first = before?.list.children[before.index];
  before = null;
  if (first) {
    first.tabIndex = -1;
    first.focus();
  }
});

// In a grid, Enter goes on to the next cell and from the last one to the buttons; without scripts it looks at the lines.
document.body.addEventListener("keydown", (event) => {
  const grid = event.target.closest?.("[data-enter-goes-on]");
  if (event.key !== "Enter" || !grid || !event.target.matches("input:not([type=hidden])")) {
    return;
  }
  event.preventDefault();
  const cells = [...grid.querySelectorAll("input:not([type=hidden])")];
  const next = cells[cells.indexOf(event.target) + 1] ?? grid.parentElement.querySelector(".buttons button");
  next.focus();
});

// A choice beside a box is meant instead of what was typed there before.
document.body.addEventListener("change", ({ target }) => {
  if (target.type !== "radio") return;
  const box = target.closest(".quick, .person")?.querySelector(".govuk-input");
  if (box && !target.closest(".person__found")) box.value = "";
});

try {
  keepDrafts();
} catch (error) {
  if (!(error instanceof DOMException)) throw error; // a browser that keeps nothing, or has no room
}
