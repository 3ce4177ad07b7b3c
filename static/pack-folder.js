/* Search across a pack that was opened from a folder: no server, no request, no cookie.
   PACK is the index (files/index.js); words are parted as kb/services/packing/folder_index.py
   parts them. Every page is readable without this. */
"use strict";
(() => {
  const MARKS = /[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u0640\u064b-\u065f\u0670]/g;
  const WORD = /[\u3040-\u30ff\u3400-\u9fff]|(?:(?![\u3040-\u30ff\u3400-\u9fff])[\p{L}\p{N}])+/gu;
  const MOST = 30, BEFORE = 8, AFTER = 28;

  const bare = (word) => (word.startsWith("\u0627\u0644") && word.length > 4 ? word.slice(2) : word);
  const wordsOf = (text) =>
    (text.toLowerCase().normalize("NFKD").replace(MARKS, "").match(WORD) || []).map(bare);

  /* Words of the index that a word of the question means: the same, longer ones that begin with
     it, and ones it only adds an ending to. */
  const meant = (asked) =>
    Object.keys(PACK.words).filter((word) =>
      word === asked ||
      (asked.length > 2 && word.startsWith(asked)) ||
      (word.length > 3 && asked.startsWith(word) && asked.length - word.length < 3));

  /* Words that differ in one letter, for what was mistyped. */
  const near = (asked) => asked.length < 5 ? [] : Object.keys(PACK.words).filter((word) => {
    if (Math.abs(word.length - asked.length) > 1) return false;
    let at = 0;
    while (at < word.length && word[at] === asked[at]) at += 1;
    return word.slice(at + 1) === asked.slice(at + 1) ||
      word.slice(at) === asked.slice(at + 1) || word.slice(at + 1) === asked.slice(at);
  });

  /* Words that stand nearly everywhere say nothing, unless nothing else was asked. */
  const telling = (asked) => {
    const common = (word) => (PACK.words[word] || []).length > PACK.entries.length;
    const rest = asked.filter((word) => !common(word));
    return rest.length ? rest : asked;
  };

  /* The places that answer a question, the best first; `known` are the words of the index that it
     means, with the place in the question of the word that meant them. */
  const search = (question) => {
    const asked = telling([...new Set(wordsOf(question))]);
    const known = new Map();
    const found = asked.map((one, place) => {
      const scores = new Map();
      let words = meant(one);
      if (!words.length) words = near(one);
      for (const word of words) {
        known.set(word, place);
        const places = PACK.words[word];
        const rare = Math.log(1 + (2 * PACK.entries.length) / places.length);
        const share = word === one ? 1 : 0.6;
        for (let at = 0; at < places.length; at += 2) {
          const score = share * rare * places[at + 1];
          scores.set(places[at], Math.max(scores.get(places[at]) || 0, score));
        }
      }
      return scores;
    });
    const hits = PACK.entries.map((entry, number) => {
      const scores = found.map((one) => one.get(number) || 0);
      const all = scores.every((one) => one > 0);
      return { entry, all, score: scores.reduce((sum, one) => sum + one, 0) };
    }).filter((hit) => hit.score > 0);
    const best = hits.some((hit) => hit.all) ? hits.filter((hit) => hit.all) : hits;
    best.sort((one, other) => other.score - one.score);
    return { hits: best.slice(0, MOST), known };
  };

  /* The part of a text in which most of the words of the question stand. */
  const excerpt = (text, known) => {
    const pieces = text.split(/\s+/);
    const places = pieces.map((piece) =>
      wordsOf(piece).filter((word) => known.has(word)).map((word) => known.get(word)));
    let first = 0, most = 0;
    places.forEach((_, at) => {
      const count = places[at].length && new Set(places.slice(at, at + AFTER).flat()).size;
      if (count > most) [first, most] = [Math.max(0, at - BEFORE), count];
    });
    const told = document.createElement("p");
    if (first) told.append("… ");
    pieces.slice(first, first + BEFORE + AFTER).forEach((piece, at) => {
      const mark = document.createElement(places[first + at].length ? "mark" : "span");
      mark.textContent = piece;
      told.append(mark, " ");
    });
    if (first + BEFORE + AFTER < pieces.length) told.append("…");
    return told;
  };

  const shown = ({ entry: [address, title, heading, text] }, known) => {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = address;
    link.textContent = heading ? `${title} · ${heading}` : title;
    const told = excerpt(text, known);
    link.dir = told.dir = "auto";
    item.append(link, told);
    return item;
  };

  const form = document.querySelector(".seek");
  form.hidden = false;
  const list = document.getElementById("hits");
  if (!list) return;
  const question = (new URLSearchParams(location.search).get("q") || "").trim();
  form.elements.q.value = question;
  if (!question) {
    form.elements.q.focus();
    return;
  }
  const { hits, known } = search(question);
  const count = document.getElementById("count");
  count.textContent = hits.length
    ? count.dataset.found.replace("{}", hits.length)
    : count.dataset.nothing.replace("{}", question);
  list.replaceChildren(...hits.map((hit) => shown(hit, known)));
})();
