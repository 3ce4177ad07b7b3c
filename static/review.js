// Comments at a passage: what is selected in the text goes into the form. All of it can go.
"use strict";
(() => { // the names of this file are its own

const AROUND = 120; // characters that tell one place from another with the same words
const MOST = 2000;
const text = document.querySelector("[data-passages]");
const fold = document.getElementById("passage");
const form = fold?.querySelector("form");
if (!text || !form) return;

// What is read there, without the numbers of sources and comments
function read(range) {
  const part = range.cloneContents();
  for (const raised of part.querySelectorAll("sup, .said-way")) raised.remove();
  for (const block of part.querySelectorAll("p, li, h3, h4, h5, h6, td, th, dt, dd, blockquote, pre")) block.append("\n");
  return part.textContent.replace(/[ \t\u00a0]+/g, " ").replace(/\s*\n\s*/g, "\n");
}

function chosen() {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  return text.contains(range.commonAncestorContainer) && read(range).trim() ? range : null;
}

const offer = document.createElement("button");
offer.type = "button";
offer.className = "offer";
offer.hidden = true;
offer.textContent = form.dataset.offer;
text.after(offer);

function show() {
  const range = chosen();
  offer.hidden = !range;
  if (!range) return;
  const place = [...range.getClientRects()].pop() || range.getBoundingClientRect();
  const { left, right } = text.getBoundingClientRect();
  offer.style.top = `${place.bottom + scrollY + 8}px`;
  offer.style.left = `${Math.max(left, Math.min(place.left, right - offer.offsetWidth))}px`;
}
let timer = null;
document.addEventListener("selectionchange", () => {
  clearTimeout(timer);
  timer = setTimeout(show, 150);
});
addEventListener("resize", show);

offer.addEventListener("pointerdown", (event) => event.preventDefault()); // the selection stays
offer.addEventListener("click", () => {
  const range = chosen();
  if (!range) return;
  const before = document.createRange();
  before.setStart(text, 0);
  before.setEnd(range.startContainer, range.startOffset);
  const after = document.createRange();
  after.setStart(range.endContainer, range.endOffset);
  after.setEnd(text, text.childNodes.length);
  form.elements.quote.value = read(range).trim().slice(0, MOST);
  form.elements.before.value = read(before).slice(-AROUND);
  form.elements.after.value = read(after).slice(0, AROUND);
  fold.open = true;
  offer.hidden = true;
  form.elements.words.focus();
  form.scrollIntoView({ block: "nearest" });
});

// Whoever types another passage means another place
form.elements.quote.addEventListener("input", () => {
  form.elements.before.value = "";
  form.elements.after.value = "";
});

// A way to a thread that is folded unfolds it
function unfold() {
  const place = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (let one = place; one; one = one.parentElement) if (one.tagName === "DETAILS") one.open = true;
}
addEventListener("hashchange", unfold);
unfold();
})();
