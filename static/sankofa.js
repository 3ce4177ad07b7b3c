// The comforts that script adds. Every page works without this file.
"use strict";

document.documentElement.classList.add("js");

// Facets that were unfolded stay unfolded when htmx replaces them.
const unfolded = new Set();
document.addEventListener("htmx:beforeSwap", () => {
  unfolded.clear();
  for (const details of document.querySelectorAll("#found details[id][open]")) {
    unfolded.add(details.id);
  }
});
document.addEventListener("htmx:afterSwap", () => {
  for (const id of unfolded) {
    const details = document.getElementById(id);
    if (details) details.open = true;
  }
});

// An empty field or a default says nothing, so it does not enter the address.
document.addEventListener("submit", (event) => {
  for (const field of event.target.querySelectorAll("[data-default]")) {
    if (field.value === field.dataset.default) field.disabled = true;
  }
  // the page may be kept and shown again by the Back button
  setTimeout(() => {
    for (const field of event.target.querySelectorAll("[data-default]")) field.disabled = false;
  });
});

// Suggestions: arrow keys walk through them, Escape closes them.
const links = () => [...document.querySelectorAll("#suggestions a")];
const box = () => document.querySelector("input[type=search][hx-get]");
const close = () => document.getElementById("suggestions")?.replaceChildren();
// Those that come after the search was begun, or for somebody who went on, would be in the way.
let asked = null;
document.addEventListener("submit", () => {
  asked = box()?.value;
  close();
});
document.addEventListener("input", () => { asked = null; });
document.addEventListener("htmx:beforeSwap", (event) => {
  const late = asked === box()?.value || document.activeElement !== box();
  if (event.detail.target.id === "suggestions" && late) event.detail.shouldSwap = false;
});
document.addEventListener("keydown", (event) => {
  const all = links();
  if (event.key === "Escape") {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
    if (all.length) {
      close();
      box()?.focus();
    }
    return;
  }
  const at = all.indexOf(document.activeElement);
  const inside = at >= 0 || document.activeElement === box();
  if (!all.length || !inside) return;
  if (event.key === "ArrowDown") {
    event.preventDefault();
    all[Math.min(at + 1, all.length - 1)].focus();
  } else if (event.key === "ArrowUp") {
    event.preventDefault();
    if (at <= 0) box().focus();
    else all[at - 1].focus();
  }
});
document.addEventListener("focusin", (event) => {
  if (!event.target.closest(".box")) close();
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("click", (event) => {
  if (!event.target.closest(".box")) close();
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
