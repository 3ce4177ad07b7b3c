// The comforts of the editor: saving by itself, marks, references, previews. All of it can go.
"use strict";
(() => { // the names of this file are its own

const EVERY = 4000; // milliseconds between two savings while somebody types
const form = () => document.getElementById("form");
const words = () => document.getElementById("words").dataset;
const say = (text) => {
  const place = document.getElementById("saved");
  if (place && place.textContent !== text) place.textContent = text;
};
const pairs = () => [...new FormData(form())].filter(([, text]) => typeof text === "string");
// what counts as the text: not the tokens, nor which row of the opened text a row was
const ASIDE = ["csrf_token", "base", "opened", "message", "do"];
const counts = ([name, text]) => text && !ASIDE.includes(name) && !name.startsWith("find.") && !name.endsWith(".@");
const state = () => JSON.stringify(form() ? pairs().filter(counts) : []);

let saved = state(); // what the server has
let busy = false;
let closing = false;
let timer = null;

// What is kept in the browser ---------------------------------------------------------------
const key = () => `sankofa:draft:${form().dataset.storage}`;
const keep = (sent = false) => {
  try {
    localStorage.setItem(key(), JSON.stringify({ at: new Date().toISOString(), sent, pairs: pairs() }));
  } catch { /* a browser that keeps nothing still has the page */ }
};
const forget = () => {
  try { localStorage.removeItem(key()); } catch { /* the same */ }
};
const kept = () => {
  try { return JSON.parse(localStorage.getItem(key()) || "null"); } catch { return null; }
};

// Saving ------------------------------------------------------------------------------------
async function save() {
  clearTimeout(timer);
  timer = null;
  if (busy || closing || !form()) return;
  const now = state();
  if (now === saved) return;
  busy = true;
  say(words().saving);
  const sent = new URLSearchParams(pairs());
  try {
    const answer = await fetch(form().dataset.save, {
      method: "POST", body: sent, headers: { Accept: "application/json" },
    });
    const json = (answer.headers.get("Content-Type") || "").startsWith("application/json");
    if (answer.ok && json) {
      const told = await answer.json();
      saved = now;
      form().elements.base.value = told.base;
      say(told.told);
      forget();
      if (state() !== saved) later();
    } else {
      keep();
      say(answer.status === 401 || answer.status === 403 ? words().out
        : answer.status === 409 ? words().both : words().wrong);
      if (answer.status >= 500) later();
    }
  } catch {
    keep();
    say(words().away);
    later();
  } finally {
    busy = false;
  }
}
const later = () => { timer = timer || setTimeout(save, EVERY); };
const typed = (event) => {
  if (!form() || !form().contains(event.target)) return;
  if (state() === saved) return;
  if (!timer) say(words().typed);
  later();
};
document.addEventListener("input", typed);
document.addEventListener("change", typed);
window.addEventListener("online", save);
document.addEventListener("visibilitychange", () => { if (document.hidden) save(); });
window.addEventListener("pagehide", () => { if (!closing && form() && state() !== saved) keep(); });
document.addEventListener("submit", (event) => {
  if (event.target !== form()) return;
  keep(true); // until the server has answered, this is the only copy
  closing = true;
});
window.addEventListener("pageshow", () => { closing = false; });

// What was kept is offered on return ---------------------------------------------------------
function offer() {
  const found = kept();
  const bar = document.getElementById("unsaved");
  if (!found || !bar) return;
  if (JSON.stringify(found.pairs.filter(counts)) === state()) return forget();
  bar.querySelector("b").textContent = new Date(found.at).toLocaleString(document.documentElement.lang);
  bar.hidden = false;
}
async function restore() {
  const found = kept();
  if (!found) return;
  const raw = found.pairs.find(([name]) => name === "raw");
  if (raw) {
    form().elements.raw.value = raw[1];
    form().elements.base.value = found.pairs.find(([name]) => name === "base")[1];
  } else {
    // the server makes the form anew from what was typed, rows and all
    const token = form().elements.csrf_token.value;
    const sent = found.pairs.map(([name, text]) => [name, name === "csrf_token" ? token : text]);
    const answer = await fetch(form().action, {
      method: "POST", body: new URLSearchParams([...sent, ["do", "show"]]), headers: { "HX-Request": "true" },
    });
    if (!answer.ok) return say(words().wrong);
    const made = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("form");
    form().replaceWith(document.adoptNode(made));
    htmx.process(form());
    begin();
  }
  document.getElementById("unsaved").hidden = true;
  saved = "";
  save();
}

// Marks for the text ------------------------------------------------------------------------
function put(box, before, after = "") {
  const { selectionStart: from, selectionEnd: to } = box;
  const text = box.value.slice(from, to);
  box.focus();
  box.setRangeText(before + text + after, from, to, "end");
  if (!text && after) box.setSelectionRange(from + before.length, from + before.length);
  box.dispatchEvent(new Event("input", { bubbles: true }));
}
function lineStart(box, mark) {
  const at = box.value.lastIndexOf("\n", box.selectionStart - 1) + 1;
  box.focus();
  box.setRangeText(mark, at, at, "end");
  box.dispatchEvent(new Event("input", { bubbles: true }));
}
document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button || !form()) return;
  const body = document.getElementById("f-body");
  if (button.matches("[data-wrap]")) put(body, button.dataset.wrap, button.dataset.wrap);
  else if (button.matches("[data-start]")) lineStart(body, button.dataset.start);
  else if (button.matches("[data-link]")) put(body, "[", "](https://)");
  else if (button.matches("[data-take]")) {
    event.preventDefault();
    htmx.ajax("POST", form().action, { source: button, target: form(), swap: "outerHTML show:none" });
  } else if (button.matches("[data-restore]")) restore();
  else if (button.matches("[data-forget]")) { forget(); document.getElementById("unsaved").hidden = true; }
});
document.addEventListener("focusin", (event) => {
  // the sources may have been changed since the form was made
  if (!event.target.matches("[data-sources]")) return;
  const rows = [...form().querySelectorAll('input[name^="f.sources."][name$=".id"]')];
  const first = event.target.options[0];
  event.target.replaceChildren(first, ...rows.filter((row) => row.value).map((row) => {
    const title = form().elements[row.name.replace(/id$/, "title")];
    return new Option(`${row.value}: ${(title ? title.value : "").slice(0, 60)}`, row.value);
  }));
});
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-sources]") && event.target.value) {
    put(document.getElementById("f-body"), `[${event.target.value}]`);
    event.target.value = "";
  }
});

// A summary or a link that leads into something folded unfolds it ------------------------------
document.addEventListener("click", (event) => {
  const link = event.target.closest(".summary a, .lacks a");
  const place = link && link.hash && document.getElementById(link.hash.slice(1));
  for (let one = place; one; one = one.parentElement) if (one.tagName === "DETAILS") one.open = true;
  if (place) place.focus();
});

// How it will look, while the fold is open -----------------------------------------------------
let look = null;
const looked = () => {
  clearTimeout(look);
  look = setTimeout(() => {
    if (document.getElementById("preview-fold")?.open) htmx.trigger("#preview", "looked");
  }, 500);
};
document.addEventListener("input", (event) => { if (event.target.id === "f-body") looked(); });
document.addEventListener("toggle", (event) => { if (event.target.id === "preview-fold") looked(); }, true);

// How many letters are left --------------------------------------------------------------------
document.addEventListener("input", (event) => {
  const box = event.target;
  if (!box.dataset || !box.dataset.longest) return;
  let told = box.parentElement.querySelector(".left");
  if (!told) {
    told = document.createElement("span");
    told.className = "left note";
    box.after(told);
  }
  const left = Number(box.dataset.longest) - box.value.length;
  told.textContent = `${left} ${words().left}`;
  told.classList.toggle("fault", left < 0);
});

// Help while title and summary are typed -------------------------------------------------------
let helped = null;
document.addEventListener("input", (event) => {
  if (!["f-title", "f-summary"].includes(event.target.id)) return;
  clearTimeout(helped);
  helped = setTimeout(() => htmx.trigger("#help", "told"), 1200);
});

// When a button has changed the form: what was unfolded stays so, a new row is ready to be typed in
let unfolded = [];
let wasSaved = "";
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target !== form()) return;
  unfolded = [...form().querySelectorAll("details[id]")].map((one) => [one.id, one.open]);
  wasSaved = saved;
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target?.id !== "form" && event.detail.elt?.id !== "form") return;
  for (const [id, open] of unfolded) {
    const one = document.getElementById(id);
    if (one && open) one.open = true;
  }
  begin();
  saved = wasSaved;
  later();
  // who has begun to type elsewhere meanwhile is left there, and who moves a row on its button
  if (document.activeElement?.matches("input, select, textarea, [autofocus]")) return;
  form().querySelector("[data-fresh] input:not([type=hidden]), [data-fresh] select, [data-fresh] textarea")?.focus();
});
document.addEventListener("htmx:responseError", (event) => {
  if (!form()) return;
  keep();
  say([401, 403].includes(event.detail.xhr.status) ? words().out : words().wrong);
});
document.addEventListener("htmx:sendError", () => {
  if (!form()) return;
  keep();
  say(words().away);
});
// two answers that cross would save on an old base
document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.target !== form()) return;
  clearTimeout(timer);
  timer = null;
});

function begin() {
  form().querySelector(".toolbar")?.removeAttribute("hidden");
  saved = state();
}
// What was sent and the server says it has need not be kept any longer. The address forgets that
// it was said, so that nothing typed later is thrown away when the page is loaded again.
for (const done of document.querySelectorAll("[data-done]")) {
  const place = `sankofa:draft:${done.dataset.done}`;
  try {
    if (JSON.parse(localStorage.getItem(place) || "{}").sent) localStorage.removeItem(place);
  } catch { /* the same */ }
  const here = new URL(location.href);
  for (const name of ["saved", "joined"]) here.searchParams.delete(name);
  history.replaceState(history.state, "", here);
}
if (form()) {
  begin();
  offer();
}
})();
