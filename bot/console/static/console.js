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

// Announcements: only the fields of the chosen way, the number of people at once, sending as it goes on.
document.querySelectorAll("[data-without-script]").forEach((element) => { element.hidden = true; });

document.querySelectorAll("[data-ways]").forEach((ways) => {
  const chosen = ways.querySelector("[data-way]");
  const show = () => ways.querySelectorAll("[data-for]").forEach((field) => {
    field.hidden = !field.dataset.for.split(" ").includes(chosen.value);
  });
  chosen.addEventListener("change", show);
  show();
});

// A piece of a page that the server made; null when it cannot be had, as when one must sign in again.
async function piece(address) {
  const answer = await fetch(address).catch(() => null);
  return answer?.ok && !answer.redirected ? answer.text() : null;
}

document.querySelectorAll("[data-count]").forEach((boxes) => {
  const told = boxes.querySelector("[data-counted]");
  let asked = 0;
  boxes.addEventListener("change", async () => {
    const mine = ++asked;
    const ticked = [...boxes.querySelectorAll("input:checked")].map((box) => [box.name, box.value]);
    const html = await piece(`${boxes.dataset.count}?${new URLSearchParams(ticked)}`);
    if (html !== null && mine === asked) told.innerHTML = html;
  });
});

const EVERY_MS = 3000;
document.querySelectorAll("[data-live]").forEach((place) => {
  const state = () => place.querySelector("[data-state]").dataset.state;
  setInterval(async () => {
    const html = document.hidden ? null : await piece(place.dataset.live);
    if (html === null) return;
    const before = state();
    place.innerHTML = html;
    if (state() !== before) location.reload();
  }, EVERY_MS);
});
