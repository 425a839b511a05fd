// Small comforts for those who have JavaScript; every page works without.

// One click sends once: a second one while the first is on its way does nothing.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  if (form.method !== "post") return;
  form.dataset.sent = "yes";
  const button = event.submitter;
  if (!button) return;
  button.setAttribute("aria-busy", "true");
  button.dataset.label = button.textContent;
  button.textContent = button.dataset.busy || document.body.dataset.busy;
});

// Coming back with the browser's own button must not leave forms dead.
window.addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
  for (const button of document.querySelectorAll("button[aria-busy]")) {
    button.removeAttribute("aria-busy");
    button.textContent = button.dataset.label;
  }
});

// Whoever has typed something is asked before leaving the page.
let typed = false;
document.addEventListener("input", (event) => {
  if (event.target.closest("form.verb")) typed = true;
});
document.addEventListener("submit", () => {
  typed = false;
});
window.addEventListener("beforeunload", (event) => {
  if (typed) event.preventDefault();
});

// «/» goes to the search field, as in many desks.
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select");
  const search = document.getElementById("q");
  if (event.key !== "/" || typing || !search) return;
  event.preventDefault();
  search.closest("details").open = true;
  search.focus();
});
