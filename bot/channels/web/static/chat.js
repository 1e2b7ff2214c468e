// The chat without reloading. Without this script the same form posts and the page comes back with the answer.
"use strict";

const WAIT_BEFORE_SAYING_SO = 400; // milliseconds; most answers are faster, and then nothing flickers or is read aloud
const NEAR_THE_END = 80; // pixels
const LONGEST_SIDE = 2560; // pixels; the server draws no larger, so nothing is lost by shrinking before the slow line
const QUALITY = 0.85;
const SMALL = 500000; // bytes; below it shrinking gains nothing
const MEGABYTE = 1048576;

const form = document.getElementById("chat");
const log = document.getElementById("log");
const input = document.getElementById("o-hoi");
const notice = document.getElementById("notice");
const chooser = document.getElementById("tep");
const chooserButton = document.getElementById("chon-tep");
const placeButton = document.getElementById("gui-vi-tri");
const tray = document.getElementById("kem");
let newest = Math.max(0, ...[...log.querySelectorAll("[data-number]")].map((a) => Number(a.dataset.number)));
let attached = []; // what goes with the next message: { label, file } (a promise of a Blob) or { label, place }
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

function showCitizen(text, kept) {
  const article = bubble("citizen", form.dataset.citizen);
  for (const words of [...text.split("\n"), ...kept.map((one) => one.label)].filter((line) => line.trim())) {
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
  const words = document.createElement("span");
  words.textContent = form.dataset.typing;
  article.append(words);
  const timer = setTimeout(() => {
    log.append(article);
    article.scrollIntoView({ block: "end" });
  }, WAIT_BEFORE_SAYING_SO);
  return {
    progress(share) {
      words.textContent = share < 1 ? `${form.dataset.sending} ${Math.floor(share * 100)} %` : form.dataset.typing;
    },
    stop() {
      clearTimeout(timer);
      article.remove();
    },
  };
}

// Not fetch: it does not tell how far an upload has come.
function post(body, progress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const lost = () => reject(new DOMException("", "NetworkError"));
    const uploads = body instanceof FormData;
    request.open("POST", "/api/chat");
    request.responseType = "json";
    request.timeout = uploads ? 600000 : 30000;
    request.onerror = request.ontimeout = request.onabort = lost;
    request.onload = () => {
      if (request.status === 200 && request.response) resolve(request.response);
      else if (request.response && request.response.error) reject(new Error(request.response.error));
      else lost();
    };
    if (uploads) request.upload.onprogress = (event) => progress(event.loaded / event.total);
    else request.setRequestHeader("Content-Type", "application/json");
    request.send(uploads ? body : JSON.stringify(body));
  });
}

async function withFiles(text, kept) {
  const body = new FormData();
  body.append("text", text);
  for (const one of kept) {
    if (one.file) body.append("photo", await one.file, one.label);
    else for (const name of ["latitude", "longitude"]) body.append(name, one.place[name]);
  }
  return body;
}

async function turn(body, said, kept = []) {
  setBusy(true);
  notice.textContent = "";
  const mine = showCitizen(said, kept);
  const waiting = showWaiting();
  if (kept.length) waiting.progress(0);
  try {
    const answer = await post(kept.length ? await withFiles(body.text, kept) : body, waiting.progress);
    waiting.stop();
    if (kept.length) mine.replaceChildren(mine.firstChild, fragment(answer.said));
    answer.replies.forEach(showReply);
    mine.scrollIntoView({ block: "start" }); // the question and the beginning of the answer, however long it is
    listen();
  } catch (error) {
    waiting.stop();
    mine.remove();
    if (body.text) input.value = [body.text, input.value].filter(Boolean).join("\n");
    attached = [...kept, ...attached];
    showAttached();
    const failed = kept.length ? form.dataset.failedFiles : body.text ? form.dataset.failed : form.dataset.failedChoice;
    notice.textContent = error.name === "Error" ? error.message : failed;
  } finally {
    setBusy(false);
    grow();
  }
}

function fragment(html) {
  return document.createRange().createContextualFragment(html); // made and escaped by our own server
}

// A picture as the server would keep it: upright, not larger than needed, without the place where it was taken.
async function shrunk(file) {
  if (!file.type.startsWith("image/") || file.type === "image/gif") return file;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
    if (scale === 1 && file.size < SMALL) return file;
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const drawn = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
    return drawn && drawn.size < file.size ? drawn : file;
  } catch {
    return file; // a kind this browser cannot read, such as HEIC: the server can
  }
}

async function attach(file) {
  if (attached.filter((one) => one.file).length >= Number(form.dataset.mostFiles)) {
    notice.textContent = form.dataset.tooMany;
    return;
  }
  const [main] = file.type.split("/");
  const family = { image: "photo", video: "video", audio: "video" }[main] || "document";
  const one = { label: file.name, file: shrunk(file) };
  attached.push(one);
  showAttached();
  if ((await one.file).size > Number(form.dataset[family + "Mb"]) * MEGABYTE && attached.includes(one)) {
    notice.textContent = form.dataset[family + "TooLarge"];
    detach(one);
  }
}

function detach(one) {
  attached = attached.filter((other) => other !== one);
  showAttached();
}

function showAttached() {
  tray.replaceChildren(
    ...attached.map((one) => {
      const item = document.createElement("li");
      const label = document.createElement("span");
      label.textContent = one.label;
      const remove = document.createElement("button");
      remove.type = "button";
      remove.textContent = form.dataset.remove;
      remove.setAttribute("aria-label", `${form.dataset.remove} ${one.label}`);
      remove.addEventListener("click", () => {
        detach(one);
        chooserButton.focus();
      });
      item.append(label, remove);
      return item;
    }),
  );
}

function findPlace() {
  notice.textContent = form.dataset.locating;
  const found = ({ coords }) => {
    notice.textContent = form.dataset.placeHint;
    const place = { latitude: coords.latitude.toFixed(5), longitude: coords.longitude.toFixed(5) };
    attached = [...attached.filter((one) => one.file), { label: form.dataset.place, place }];
    showAttached();
  };
  const failed = () => {
    notice.textContent = form.dataset.noPlace;
  };
  navigator.geolocation.getCurrentPosition(found, failed, { enableHighAccuracy: true, timeout: 20000 });
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
  if (!text && !attached.length) return;
  const kept = attached;
  attached = [];
  showAttached();
  input.value = "";
  turn({ text }, text, kept);
});

form.classList.add("scripted");
chooserButton.hidden = false;
chooserButton.addEventListener("click", () => chooser.click());
chooser.addEventListener("change", () => {
  notice.textContent = "";
  [...chooser.files].forEach(attach);
  chooser.value = ""; // so that it goes once, with our own request, and the same file can be chosen again
});
placeButton.hidden = !(window.isSecureContext && navigator.geolocation);
placeButton.addEventListener("click", findPlace);

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
