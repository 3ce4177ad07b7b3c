// Pictures and documents: copied from their page, inserted into a text, dropped and pasted there.
// Without this file the same is done on the page /attachments.
"use strict";
(() => { // the names of this file are its own

// On the page of pictures: the line to be written, copied -------------------------------------
for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const field = document.getElementById(button.dataset.copy);
  field.select();
  try { await navigator.clipboard.writeText(field.value); } catch { document.execCommand("copy"); }
  button.textContent = button.dataset.copied;
});
if (location.hash === "#added") document.querySelector("#added .line")?.select();

// Where a line goes ---------------------------------------------------------------------------
const box = () => document.querySelector("#f-body, #f-raw");
const way = () => document.querySelector("[data-files]");
let at = null; // in the text, once somebody has been there
document.addEventListener("focusout", (event) => { if (event.target === box()) at = box().selectionEnd; });

// A picture is a paragraph of its own.
function insert(line) {
  const text = box();
  const place = at === null || at > text.value.length ? text.value.length : at;
  const before = text.value.slice(0, place), after = text.value.slice(place);
  const alone = line.startsWith("!");
  const above = !alone || !before || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
  const below = !alone || after.startsWith("\n\n") ? "" : after.startsWith("\n") ? "\n" : "\n\n";
  dialog.close();
  text.focus();
  text.setRangeText(above + line + below, place, place, "end");
  at = text.selectionEnd;
  text.dispatchEvent(new Event("input", { bubbles: true }));
}

// The window in which one is chosen or sent ----------------------------------------------------
let dialog = null;
async function open(file) {
  if (document.activeElement === box()) at = box().selectionEnd;
  if (!dialog) {
    dialog = document.createElement("dialog");
    dialog.className = "files";
    dialog.setAttribute("aria-label", way().textContent.trim());
    const close = document.createElement("button");
    close.type = "button";
    close.className = "quiet close";
    close.textContent = way().dataset.close;
    close.addEventListener("click", () => dialog.close());
    const inside = document.createElement("div");
    inside.dataset.inside = "";
    dialog.append(close, inside);
    document.body.append(dialog);
  }
  dialog.showModal();
  const inside = dialog.querySelector("[data-inside]");
  if (!inside.querySelector(".picker")) {
    const made = await fetched("/attachments");
    if (typeof made === "string") return inside.replaceChildren(told(made));
    inside.replaceChildren(...made.body.childNodes);
  } else {
    shelve("/attachments");
  }
  if (!file) return;
  const input = dialog.querySelector("input[type=file]");
  const list = new DataTransfer();
  list.items.add(file);
  input.files = list.files;
  dialog.querySelector("[name=alt]").focus();
}
async function fetched(url) {
  try {
    const answer = await fetch(url, { headers: { "HX-Request": "true" } });
    if (!answer.ok) return answer.status === 401 || answer.status === 403 ? way().dataset.out : way().dataset.away;
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    return way().dataset.away;
  }
}
function told(text) {
  const line = document.createElement("p");
  line.className = "error";
  line.setAttribute("role", "alert");
  line.textContent = text;
  return line;
}
async function shelve(url) {
  const place = dialog.querySelector("[data-shelf]");
  const made = await fetched(url);
  if (typeof made === "string") return place.replaceChildren(told(made));
  place.replaceChildren(...made.querySelector("[data-shelf]").childNodes);
}
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-files], dialog.files .turning a, [data-insert]");
  if (!link || !window.HTMLDialogElement || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (link.matches("[data-files]")) open();
  else if (link.matches("[data-insert]")) insert(link.dataset.insert);
  else shelve(link.href);
});
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!dialog || !dialog.contains(form)) return;
  event.preventDefault();
  if (form.matches(".looking")) shelve(`/attachments?${new URLSearchParams(new FormData(form))}`);
  else send(form);
});

// Sending -------------------------------------------------------------------------------------
function faults(form, problems) {
  for (const place of form.querySelectorAll("[data-fault]")) {
    const text = problems[place.dataset.fault] || "";
    place.textContent = text;
    place.hidden = !text;
    const field = form.elements[place.dataset.fault];
    if (!field) continue;
    field.closest(".asked").classList.toggle("wrong", !!text);
    if (text) field.setAttribute("aria-invalid", "true"); else field.removeAttribute("aria-invalid");
  }
  form.querySelector("[aria-invalid]")?.focus();
}
const tooLarge = (form) => {
  const file = form.elements.file.files[0];
  return file && file.size > Number(form.dataset.most);
};
function send(form) {
  faults(form, {});
  if (tooLarge(form)) return faults(form, { file: form.dataset.large });
  const bar = form.querySelector("progress"), button = form.querySelector("button"), words = form.querySelector("[data-told]");
  const request = new XMLHttpRequest();
  const end = () => { bar.hidden = true; button.disabled = false; words.textContent = ""; };
  request.open("POST", form.action);
  request.setRequestHeader("Accept", "application/json");
  request.responseType = "json";
  request.upload.addEventListener("progress", (event) => { bar.value = 100 * event.loaded / event.total; });
  request.upload.addEventListener("load", () => { words.textContent = way().dataset.read; });
  request.addEventListener("error", () => { end(); faults(form, { "": way().dataset.away }); });
  request.addEventListener("load", () => {
    end();
    if (request.status === 201) {
      form.reset();
      insert(request.response.line);
    } else if (request.response?.problems) {
      faults(form, request.response.problems);
    } else {
      faults(form, { "": [401, 403].includes(request.status) ? way().dataset.out : way().dataset.away });
    }
  });
  bar.value = 0;
  bar.hidden = false;
  button.disabled = true;
  request.send(new FormData(form));
}
// a file that is too large is told before it has travelled
document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (event.target.type !== "file" || !form?.matches(".giving")) return;
  faults(form, tooLarge(form) ? { file: form.dataset.large } : {});
});
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches(".giving") || event.defaultPrevented || !tooLarge(form)) return;
  event.preventDefault();
  faults(form, { file: form.dataset.large });
});

// Dropped on the text, or pasted into it --------------------------------------------------------
const carries = (data) => window.HTMLDialogElement && way() && data && [...data.types].includes("Files");
document.addEventListener("dragover", (event) => {
  if (event.target === box() && carries(event.dataTransfer)) event.preventDefault();
});
document.addEventListener("drop", (event) => {
  if (event.target !== box() || !carries(event.dataTransfer) || !event.dataTransfer.files.length) return;
  event.preventDefault();
  open(event.dataTransfer.files[0]);
});
document.addEventListener("paste", (event) => {
  const data = event.clipboardData;
  // what an office program puts there is text with a picture of itself
  if (event.target !== box() || !carries(data) || [...data.types].includes("text/plain") || !data.files.length) return;
  event.preventDefault();
  open(data.files[0]);
});
})();
