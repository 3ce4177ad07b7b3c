// The comforts of forms with passwords: a password that can be seen, and how good a new one is.
"use strict";
(() => {

const words = document.querySelector("[data-show]")?.dataset;
const SHORTEST = 12;

// How many guesses a password might take, in bits: a rough word while typing. The site itself asks
// for length, and refuses what others try first.
function bits(text) {
  const kinds = [[/[a-z]/, 26], [/[A-Z]/, 26], [/[0-9]/, 10], [/[^a-zA-Z0-9]/, 33]];
  const pool = kinds.reduce((sum, [kind, size]) => sum + (kind.test(text) ? size : 0), 0);
  const seen = new Set();
  let count = 0;
  let before = 0;
  for (const [place, letter] of [...text].entries()) {
    const code = letter.codePointAt(0);
    const three = text.slice(place, place + 3).toLowerCase();
    const fresh = Math.abs(code - before) > 1 && !(three.length === 3 && seen.has(three));
    count += fresh ? 1 : 0.25;
    seen.add(three);
    before = code;
  }
  return count * Math.log2(pool || 1);
}
const goodness = (text) => {
  if (!text) return [0, ""];
  if ([...text].length < SHORTEST) return [1, words.short];
  const found = bits(text);
  return found < 45 ? [2, words.weak] : found < 65 ? [3, words.fair] : [4, words.good];
};

for (const box of words ? document.querySelectorAll("input[type=password]") : []) {
  const show = document.createElement("button");
  show.type = "button";
  show.className = "quiet";
  show.textContent = words.show;
  show.setAttribute("aria-pressed", "false");
  show.setAttribute("aria-controls", box.id);
  show.addEventListener("click", () => {
    const seen = box.type === "password";
    box.type = seen ? "text" : "password";
    show.setAttribute("aria-pressed", String(seen));
  });
  box.after(show);
  // what is seen is hidden again before it is sent, so that the browser keeps it as a password
  box.form?.addEventListener("submit", () => { box.type = "password"; });
  if (box.autocomplete !== "new-password" || box.name !== "password") continue;
  const meter = document.createElement("meter");
  const told = document.createElement("span");
  Object.assign(meter, { min: 0, max: 4, low: 2, high: 3, optimum: 4, value: 0 });
  meter.setAttribute("aria-label", words.strength);
  told.setAttribute("role", "status");
  told.className = "note";
  show.after(meter, told);
  box.addEventListener("input", () => { [meter.value, told.textContent] = goodness(box.value); });
}
})();
