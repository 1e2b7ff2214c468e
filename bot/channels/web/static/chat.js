// The chat without reloading. Without this script the same form posts and the page comes back with the answer.
"use strict";

const form = document.getElementById("chat");
const log = document.getElementById("log");
const end = document.getElementById("cuoi");
const input = document.getElementById("o-hoi");
const notice = document.getElementById("notice");
let newest = Math.max(0, ...[...log.querySelectorAll("[data-number]")].map((a) => Number(a.dataset.number)));
let busy = false;
let updates = null;

function bubble(kind, label) {
  const article = document.createElement("article");
  article.className = kind;
  const heading = document.createElement("h2");
  heading.className = "unseen";
  heading.textContent = label;
  article.append(heading);
  return article;
}

function showCitizen(text) {
  const article = bubble("citizen", form.dataset.citizen);
  const line = document.createElement("p");
  line.textContent = text;
  article.append(line);
  log.insertBefore(article, end);
  article.scrollIntoView({ block: "end" });
  return article;
}

function showReply(reply) {
  if (reply.number <= newest) return;
  newest = reply.number;
  const article = bubble("assistant", form.dataset.assistant);
  const text = document.createElement("div");
  text.innerHTML = reply.html; // made and escaped by our own server
  article.append(text);
  if (reply.choices.length) {
    const row = document.createElement("div");
    row.className = "choices";
    for (const choice of reply.choices) {
      const button = document.createElement("button");
      button.name = "choice";
      button.value = choice.id;
      button.textContent = choice.label;
      row.append(button);
    }
    article.append(row);
  }
  log.insertBefore(article, end);
  article.scrollIntoView({ block: "nearest" });
}

function typing() {
  const article = document.createElement("article");
  article.className = "assistant typing";
  article.textContent = form.dataset.typing;
  log.insertBefore(article, end);
  article.scrollIntoView({ block: "end" });
  return article;
}

async function post(body) {
  const response = await fetch("/api/chat", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(30000),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error || form.dataset.failed);
  return answer.replies;
}

async function turn(body, said) {
  if (busy) return;
  busy = true;
  notice.textContent = "";
  const mine = showCitizen(said);
  const wait = typing();
  try {
    for (const reply of await post(body)) showReply(reply);
    listen();
  } catch (error) {
    mine.remove();
    if (body.text) input.value = body.text;
    notice.textContent = error.name === "Error" ? error.message : form.dataset.failed;
  } finally {
    wait.remove();
    busy = false;
    grow();
  }
}

function listen() {
  if (updates || !window.EventSource) return;
  updates = new EventSource("/api/chat/updates?after=" + newest);
  updates.onmessage = (event) => {
    showReply(JSON.parse(event.data));
  };
}

function grow() {
  input.style.height = "auto";
  input.style.height = input.scrollHeight + 2 + "px";
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const pressed = event.submitter;
  if (pressed && pressed.name === "choice") {
    turn({ choice: pressed.value }, pressed.textContent);
    return;
  }
  const text = input.value.trim();
  if (!text) return input.focus();
  input.value = "";
  turn({ text }, text);
});

input.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    form.requestSubmit(form.querySelector(".send"));
  }
});
input.addEventListener("input", grow);

end.scrollIntoView({ block: "end" });
if (newest) listen();
