// Một Cửa trên trang khác: <script src="https://…/nhung.js" defer></script>
(() => {
  "use strict";
  const chat = new URL("/?nhung=1", document.currentScript.src).href;
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Hỏi trợ lý xã";
  button.setAttribute("aria-expanded", "false");
  Object.assign(button.style, { position: "fixed", right: "12px", bottom: "16px", minHeight: "48px", padding: "0 20px", border: "2px solid #fff", borderRadius: "24px", background: "#0b57a4", color: "#fff", font: "600 17px system-ui, sans-serif", cursor: "pointer", zIndex: 2147483647 });
  const frame = document.createElement("iframe");
  frame.title = "Trợ lý của UBND xã";
  frame.hidden = true;
  frame.allow = "geolocation"; // asked for only when the citizen presses "Gửi vị trí"
  Object.assign(frame.style, { position: "fixed", right: "12px", bottom: "76px", width: "min(400px, calc(100vw - 24px))", height: "min(640px, calc(100vh - 100px))", border: "1px solid #c9ced6", borderRadius: "14px", background: "#fff", boxShadow: "0 6px 24px rgba(0,0,0,.25)", zIndex: 2147483646 });
  frame.style.height = "min(640px, calc(100dvh - 100px))"; // an older browser keeps the line above
  button.addEventListener("click", () => {
    if (!frame.src) frame.src = chat;
    frame.hidden = !frame.hidden;
    button.setAttribute("aria-expanded", String(!frame.hidden));
    button.textContent = frame.hidden ? "Hỏi trợ lý xã" : "Đóng trợ lý";
  });
  const show = () => document.body.append(button, frame);
  if (document.body) show();
  else document.addEventListener("DOMContentLoaded", show);
})();
