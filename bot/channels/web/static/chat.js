// The chat without reloading. Without this script the same form posts and the page comes back with the answer.
"use strict";

const WAIT_BEFORE_SAYING_SO = 400; // milliseconds; most answers are faster, and then nothing flickers or is read aloud
const NEAR_THE_END = 80; // pixels

const form = document.getElementById("chat");
const log = document.getElementById("log");
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
  for (const words of text.split("\n").filter((line) => line.trim())) {
    const line = document.createElement("p");
    line.textContent = words;
    article.append(line);
  }
  log.append(article);
  article.scrollIntoView({ block: "end" });
  return article;
}

function showReply(reply) {
  if (reply.number <= newest) return;
  newest = reply.number;
  const atTheEnd = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_THE_END;
  const article = bubble("assistant", form.dataset.assistant);
  article.insertAdjacentHTML("beforeend", reply.html); // made and escaped by our own server
  log.append(article);
  if (atTheEnd) article.scrollIntoView({ block: "nearest" }); // who reads further up is left in peace
}

function showWaiting() {
  const article = bubble("assistant typing", form.dataset.assistant);
  article.append(form.dataset.typing);
  const timer = setTimeout(() => {
    log.append(article);
    article.scrollIntoView({ block: "end" });
  }, WAIT_BEFORE_SAYING_SO);
  return () => {
    clearTimeout(timer);
    article.remove();
  };
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
  setBusy(true);
  notice.textContent = "";
  const mine = showCitizen(said);
  const stopWaiting = showWaiting();
  try {
    const replies = await post(body);
    stopWaiting();
    replies.forEach(showReply);
    mine.scrollIntoView({ block: "start" }); // the question and the beginning of the answer, however long it is
    listen();
  } catch (error) {
    stopWaiting();
    mine.remove();
    if (body.text) input.value = [body.text, input.value].filter(Boolean).join("\n");
    const failed = body.text ? form.dataset.failed : form.dataset.failedChoice;
    notice.textContent = error.name === "Error" ? error.message : failed;
  } finally {
    setBusy(false);
    grow();
  }
}

function setBusy(state) {
  busy = state;
  form.classList.toggle("busy", state);
}

function listen() {
  if (updates || !window.EventSource) return;
  updates = new EventSource("/api/chat/updates?after=" + newest);
  updates.onmessage = (event) => showReply(JSON.parse(event.data));
}

function grow() {
  input.style.height = "auto";
  input.style.height = input.scrollHeight + 3 + "px";
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (busy) return; // what was typed stays in the box
  const pressed = event.submitter;
  if (pressed && pressed.name === "choice") {
    turn({ choice: pressed.value }, pressed.textContent);
    return;
  }
  input.focus();
  const text = input.value.trim();
  if (!text) return;
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

if (newest) {
  document.getElementById("cuoi").scrollIntoView({ block: "start" });
  listen();
}
