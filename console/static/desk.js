// Small comforts for those who have JavaScript; every page works without.
"use strict";

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
  countTicks();
});

// Whoever has typed something is asked before leaving the page.
let typed = false;
document.addEventListener("input", (event) => {
  if (event.target.closest("form.verb, form[data-keep]")) typed = true;
});
document.addEventListener("submit", () => {
  typed = false;
});
window.addEventListener("beforeunload", (event) => {
  if (typed) event.preventDefault();
});

// How many cases are ticked.
function countTicks() {
  const place = document.querySelector("[data-chosen]");
  if (!place) return;
  place.dataset.plain ??= place.textContent;
  const count = document.querySelectorAll(".tick input:checked").length;
  place.textContent = count ? place.dataset.chosenWords.replace("{n}", count) : place.dataset.plain;
}
document.addEventListener("change", (event) => {
  if (event.target.closest(".tick")) countTicks();
});

// A template goes into the reply without loading the page again.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-template]");
  const field = link && document.getElementById(link.dataset.into);
  if (!field) return;
  event.preventDefault();
  field.value = field.value.trim() ? `${field.value.trim()}\n${link.dataset.template}` : link.dataset.template;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
});

// Keys: «/» searches, j and k walk down and up the list, x ticks, u goes back to the list.
const walk = (step) => {
  const rows = [...document.querySelectorAll(".case-list .case-row")];
  const here = rows.indexOf(document.activeElement.closest("li")?.querySelector(".case-row"));
  rows[Math.max(0, Math.min(rows.length - 1, here + step))]?.focus();
};
const KEYS = {
  "/": () => {
    const search = document.getElementById("q");
    if (!search) return false;
    search.closest("details").open = true;
    search.focus();
    return true;
  },
  j: () => walk(1),
  k: () => walk(-1),
  x: () => document.activeElement.closest("li")?.querySelector(".tick input")?.click(),
  u: () => document.querySelector(".back a")?.click(),
};
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input:not([type=checkbox]), textarea, select");
  const act = KEYS[event.key];
  if (!act || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (act() !== false) event.preventDefault();
});

// On a wide screen the list that one came from stands beside the case.
async function showRail() {
  const rail = document.querySelector("[data-rail]");
  if (!rail || rail.childElementCount || !matchMedia("(width >= 78rem)").matches) return;
  const answer = await fetch(rail.dataset.rail, { cache: "no-store" });
  if (!answer.ok) return;
  const piece = new DOMParser().parseFromString(await answer.text(), "text/html").body;
  rail.replaceChildren(...piece.childNodes);
  for (const link of rail.querySelectorAll("a.rail-row")) {
    if (link.pathname === location.pathname) link.setAttribute("aria-current", "page");
  }
}
showRail().catch(() => {});

// A page that shows something living asks now and then whether it has changed. What somebody
// is writing is never taken away: then the page only says that there is news.
const busyWriting = () =>
  typed || document.querySelector(".tick input:checked") || document.querySelector("main details.verb-fold[open]");

async function renew() {
  const address = new URL(location.href);
  address.searchParams.delete("done");
  const answer = await fetch(address, { cache: "no-store" });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main");
  const old = document.querySelector("main");
  if (!fresh || !old) return;
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  const wanted = focused?.id ? `#${CSS.escape(focused.id)}` : focused?.matches("a[href]") ? `a[href="${CSS.escape(focused.getAttribute("href"))}"]` : "";
  old.replaceWith(fresh);
  if (wanted) fresh.querySelector(wanted)?.focus({ preventScroll: true });
  showRail().catch(() => {});
  document.getElementById("live-said").textContent = document.body.dataset.renewed;
}

async function look() {
  const main = document.querySelector("main[data-live]");
  if (!main || document.hidden) return;
  const tag = `"${main.dataset.version}"`;
  const answer = await fetch(main.dataset.live, { cache: "no-store", headers: { "If-None-Match": tag } });
  if (answer.status !== 200) return;
  const { version } = await answer.json();
  if (version === main.dataset.version) return;
  if (busyWriting()) document.getElementById("live-news").hidden = false;
  else await renew();
}

async function watch() {
  try {
    await look();
  } catch {
    // The network will be back; the next look tells.
  }
  const main = document.querySelector("main[data-live]");
  if (main) setTimeout(watch, 1000 * (main.dataset.liveSeconds || 10));
}
if (document.querySelector("main[data-live]")) setTimeout(watch, 2000);
