// Rows of the editor dragged to another place, also into another list of the same kind. The arrows
// beside each row do the same without a script and by keyboard.
"use strict";
(() => { // the names of this file are its own

let dragged = null; // the row on its way
const kind = (path) => path.replace(/\d+/g, "#"); // sections.1.items.2 goes where sections.0.items.0 is
const form = () => document.getElementById("form");
const above = (row, event) => {
  const box = row.querySelector(":scope > details > summary").getBoundingClientRect();
  return event.clientY < box.top + box.height / 2;
};
const unmark = () => {
  for (const one of document.querySelectorAll(".drop-before, .drop-after")) one.classList.remove("drop-before", "drop-after");
};

// the row or the empty list below the pointer, if what is dragged may go there
function place(event) {
  const row = event.target.closest("[data-row]");
  const same = [];
  for (let one = row; one; one = one.parentElement.closest("[data-row]")) {
    if (kind(one.dataset.row) === kind(dragged.dataset.row)) same.push(one);
  }
  if (same.length) return { row: same[0], before: above(same[0], event) };
  const list = event.target.closest("[data-list]");
  const fits = list && kind(`${list.dataset.list}.0`) === kind(dragged.dataset.row);
  return fits ? { list } : null;
}
function target(found) {
  if (found.list) return `${found.list.dataset.list}.${found.list.querySelectorAll(":scope > ol > li").length}`;
  const steps = found.row.dataset.row.split(".");
  const last = Number(steps.pop());
  return [...steps, found.before ? last : last + 1].join(".");
}

// a row can be dragged by its heading; while it is typed in, words can be marked as always
document.addEventListener("pointerdown", (event) => {
  const summary = event.target.closest("[data-row] > details > summary");
  for (const one of document.querySelectorAll("[data-row][draggable]")) one.removeAttribute("draggable");
  if (summary && event.pointerType === "mouse") summary.closest("[data-row]").draggable = true;
});
document.addEventListener("dragstart", (event) => {
  if (!event.target.matches?.("[data-row][draggable]")) return;
  dragged = event.target;
  dragged.classList.add("dragged");
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.querySelector("summary").textContent.trim());
});
document.addEventListener("dragover", (event) => {
  const found = dragged && place(event);
  unmark();
  if (!found) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = "move";
  (found.list || found.row).classList.add(found.before ? "drop-before" : "drop-after");
});
document.addEventListener("drop", (event) => {
  const found = dragged && place(event);
  if (!found) return;
  event.preventDefault();
  const from = dragged.dataset.row;
  const to = target(found);
  if (found.row === dragged) return;
  // the server moves it, as it does for the arrows
  const button = Object.assign(document.createElement("button"), { name: "do", value: `move:${from}:${to}`, hidden: true });
  form().append(button);
  htmx.ajax("POST", form().action, { source: button, target: form(), swap: "outerHTML show:none" });
});
document.addEventListener("dragend", () => {
  unmark();
  dragged?.classList.remove("dragged");
  dragged = null;
});
})();
