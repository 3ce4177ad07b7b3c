// Keeps what is written in the class in this browser, and gives it out as a file. Nothing is sent.
"use strict";

{
  const room = document.getElementById("classroom");
  const boxes = [...room.querySelectorAll("textarea")];
  const told = document.getElementById("answers-told");
  const forget = document.getElementById("forget-answers");
  const label = forget.textContent;

  function read() {
    try {
      return JSON.parse(localStorage.getItem(room.dataset.name)) ?? {};
    } catch {
      return {};
    }
  }

  function keep() {
    const answers = read(); // those of questions that are not asked any more stay
    for (const box of boxes) {
      if (box.value) answers[box.id] = box.value;
      else delete answers[box.id];
    }
    try {
      localStorage.setItem(room.dataset.name, JSON.stringify(answers));
      told.textContent = told.dataset.kept;
    } catch {
      told.textContent = told.dataset.full;
    }
  }

  function asText() {
    const lines = [`# ${room.dataset.title}`, ""];
    for (const section of room.querySelectorAll("section")) {
      lines.push(`## ${section.querySelector("h2").textContent.trim()}`, "");
      for (const box of section.querySelectorAll("textarea")) {
        lines.push(`**${box.labels[0].textContent.trim()}**`, "", box.value.trim() || "–", "");
      }
    }
    return lines.join("\n");
  }

  const kept = read();
  for (const box of boxes) {
    if (kept[box.id]) box.value = kept[box.id];
    box.addEventListener("input", keep);
  }
  if (boxes.length) {
    document.getElementById("not-kept").hidden = true;
    document.getElementById("kept-here").hidden = false;
    document.getElementById("own-answers").hidden = false;
  }

  document.getElementById("save-answers").addEventListener("click", () => {
    const file = document.createElement("a");
    file.href = URL.createObjectURL(new Blob([asText()], { type: "text/markdown" }));
    file.download = `${location.pathname.split("/").filter(Boolean).at(-2)}-answers.md`;
    file.click();
    URL.revokeObjectURL(file.href);
  });

  // Twice, for nobody else has a copy.
  forget.addEventListener("click", () => {
    if (forget.textContent === label) {
      forget.textContent = forget.dataset.again;
      return;
    }
    localStorage.removeItem(room.dataset.name);
    for (const box of boxes) box.value = "";
    forget.textContent = label;
    told.textContent = told.dataset.gone;
  });
  forget.addEventListener("blur", () => { forget.textContent = label; });
}
