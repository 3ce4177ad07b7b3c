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

// Suggestions: the box is a combobox, in which the arrow keys walk through what is offered.
const box = () => document.querySelector("input[type=search][hx-get]");
const options = () => [...document.querySelectorAll("#offered [role=option]")];
const current = () => options().findIndex((one) => one.ariaSelected === "true");
const told = () => document.getElementById("suggested");

box()?.setAttribute("role", "combobox");
box()?.setAttribute("aria-autocomplete", "list");
function say() {
  const open = options().length > 0;
  box()?.setAttribute("aria-expanded", String(open));
  box()?.toggleAttribute("aria-controls", open);
  if (open) box().setAttribute("aria-controls", "offered");
  else box()?.removeAttribute("aria-activedescendant");
}
function close() {
  document.getElementById("suggestions")?.replaceChildren();
  told()?.replaceChildren();
  say();
}
function walk(steps) {
  const all = options();
  // the box itself is a stop of the round, before the first and after the last
  const at = (current() + 1 + steps + all.length + 1) % (all.length + 1) - 1;
  all.forEach((one, n) => { one.ariaSelected = String(n === at); });
  all[at]?.scrollIntoView({ block: "nearest" });
  if (at < 0) box().removeAttribute("aria-activedescendant");
  else box().setAttribute("aria-activedescendant", all[at].id);
}
say();
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
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id !== "suggestions") return;
  box()?.removeAttribute("aria-activedescendant");
  say();
});
document.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  const offered = options().length > 0;
  if (event.key === "Escape") {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
    if (!offered) return;
    event.preventDefault(); // what was typed stays
    close();
    return;
  }
  if (!offered || event.target !== box()) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    walk(event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Enter" && current() >= 0) {
    event.preventDefault();
    options()[current()].click();
  } else if (event.key === "Tab") {
    close();
  }
});
document.addEventListener("focusin", (event) => {
  if (!event.target.closest(".box")) close();
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
// On a phone the button below the filters leads back to the cases, which are there already.
document.addEventListener("click", (event) => {
  const drawer = document.getElementById("drawer");
  if (!drawer || !window.htmx || !event.target.closest(".apply")) return;
  event.preventDefault();
  drawer.open = false;
  document.getElementById("results").focus();
  document.getElementById("results").scrollIntoView();
});
document.addEventListener("click", (event) => {
  if (!event.target.closest(".box")) close();
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
