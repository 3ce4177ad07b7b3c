// Keys for a presentation: every one of them follows a link that is on the page.
"use strict";

{
  const backwards = document.documentElement.dir === "rtl";
  const KEYS = {
    ArrowRight: backwards ? "prev" : "next",
    ArrowLeft: backwards ? "next" : "prev",
    ArrowDown: "next",
    ArrowUp: "prev",
    PageDown: "next",
    PageUp: "prev",
    " ": "next",
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest("summary")) return;
    const open = document.querySelector(".contents-of[open]");
    if (open && event.key === "Escape") {
      open.open = false;
      open.querySelector("summary").focus();
      return;
    }
    const to = KEYS[event.key];
    const link = to
      ? document.querySelector(`nav a[rel="${to}"]`)
      : document.querySelector(`nav a[data-key="${event.key}"]`);
    if (!link) return;
    event.preventDefault();
    link.click();
  });
}
