// Puts the chat into another site: <script src="https://…/chat/widget.js" defer></script>
// A button in the corner opens the chat in a frame; without frames or scripts the site's own link
// to the chat remains. Nothing of the page around it is read.
"use strict";

(() => {
  const script = document.currentScript;
  const home = new URL(script.src).origin;
  const label = script.dataset.label || "问社区 · 回音";
  const close = script.dataset.close || "收起";
  const ACCENT = "#a5282c";

  const host = document.createElement("div");
  const root = host.attachShadow({ mode: "closed" });
  const button = document.createElement("button");
  const panel = document.createElement("iframe");

  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    button, iframe { position: fixed; right: 16px; z-index: 2147483000; }
    button { bottom: 16px; min-height: 48px; padding: 0 20px; border: 1px solid #fff;
      border-radius: 24px; background: ${ACCENT}; color: #fff; cursor: pointer;
      font: 600 18px/1.6 "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; }
    button:focus-visible { outline: 3px solid #0b57a4; outline-offset: 2px; }
    iframe { bottom: 76px; width: 400px; height: min(680px, calc(100vh - 92px));
      border: 1px solid #d8dee4; border-radius: 6px; background: #fbfaf7;
      box-shadow: 0 8px 24px rgb(31 35 40 / 20%); }
    @media (max-width: 480px) {
      iframe { right: 0; bottom: 64px; width: 100vw; height: calc(100dvh - 64px); border-radius: 0; }
      button { bottom: 8px; }
    }
    [hidden] { display: none; }
  `);
  root.adoptedStyleSheets = [sheet];

  panel.title = label;
  panel.hidden = true;
  panel.allow = "geolocation; microphone; camera";
  button.type = "button";
  button.textContent = label;
  button.setAttribute("aria-expanded", "false");

  function turn(isOpen) {
    // Nothing is loaded, and no cookie set, before somebody wants to talk.
    if (isOpen && !panel.src) panel.src = `${home}/`;
    panel.hidden = !isOpen;
    button.textContent = isOpen ? close : label;
    button.setAttribute("aria-expanded", String(isOpen));
    (isOpen ? panel : button).focus();
  }

  button.addEventListener("click", () => turn(panel.hidden));
  root.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !panel.hidden) turn(false);
  });
  root.append(panel, button);
  document.body.append(host);
})();
