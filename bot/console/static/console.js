// Keys for those who work here all day. Without this script everything can be done with the pointer or Tab.
"use strict";

const rows = () => [...document.querySelectorAll("[data-row]")];
const help = document.getElementById("phim");

function isTyping(target) {
  return target.matches("input, textarea, select, [contenteditable]");
}

function move(step) {
  const all = rows();
  if (!all.length) return;
  const here = all.indexOf(document.activeElement);
  const next = here < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, here + step));
  all[next].focus();
  all[next].scrollIntoView({ block: "nearest" });
}

const KEYS = {
  "/": () => document.querySelector("input[type=search]")?.focus(),
  j: () => move(1),
  k: () => move(-1),
  "?": () => help?.showModal(),
};

document.addEventListener("keydown", (event) => {
  const act = KEYS[event.key];
  if (!act || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (isTyping(event.target) || help?.open) return;
  event.preventDefault();
  act();
});

// A template goes in where the cursor stands; without this script the page comes back with it at the end.
document.querySelectorAll("[data-insert-button]").forEach((button) => {
  button.addEventListener("click", (event) => {
    const chosen = button.form.querySelector("[data-insert]");
    const text = document.getElementById(chosen.dataset.insert);
    event.preventDefault();
    text.setRangeText(chosen.selectedOptions[0].dataset.words, text.selectionStart, text.selectionEnd, "end");
    text.focus();
  });
});

document.querySelectorAll("[data-copy]").forEach((button) => {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
    button.textContent = button.dataset.copied;
  });
});

document.querySelectorAll("[data-print]").forEach((button) => button.addEventListener("click", () => window.print()));
