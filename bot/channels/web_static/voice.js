// Speaking and listening, where the browser can: a voice message, and replies read aloud.
"use strict";

(() => {
  const chat = document.querySelector("[data-chat]");
  const record = document.getElementById("voice");
  const photo = document.getElementById("photo");
  const isElder = document.documentElement.hasAttribute("data-elder");
  if (!chat) return;

  // A voice message goes where a photo goes: the form holds one file.

  const LONGEST_MS = 60000;
  const canRecord = window.MediaRecorder && navigator.mediaDevices && window.isSecureContext;
  let recorder = null;

  async function begin() {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    const pieces = [];
    recorder = new MediaRecorder(stream);
    recorder.addEventListener("dataavailable", ({ data }) => pieces.push(data));
    recorder.addEventListener("stop", () => {
      stream.getTracks().forEach((track) => track.stop());
      enclose(pieces, recorder.mimeType);
      recorder = null;
      show(false);
    });
    recorder.start();
    setTimeout(end, LONGEST_MS, recorder);
    show(true);
  }

  function end(started) {
    if (started && started === recorder && recorder.state !== "inactive") recorder.stop();
  }

  function enclose(pieces, mime) {
    const kind = mime.split(";")[0];
    const name = `voice.${kind.split("/")[1]}`;
    const holder = new DataTransfer();
    holder.items.add(new File(pieces, name, { type: kind }));
    photo.files = holder.files;
    photo.dispatchEvent(new Event("change"));
  }

  function show(isRecording) {
    record.querySelector("span").textContent = isRecording ? record.dataset.stop : record.dataset.start;
    record.setAttribute("aria-pressed", String(isRecording));
  }

  if (record && canRecord) {
    record.hidden = false;
    record.addEventListener("click", () => {
      if (recorder) end(recorder);
      else begin().catch(() => { record.hidden = true; });
    });
  }

  // Read aloud: in the elder version every message of ours has a button for it.

  const voice = window.speechSynthesis;
  if (!isElder || !voice || !window.SpeechSynthesisUtterance) return;

  function wordsOf(item) {
    const shown = item.querySelectorAll(".words, .quote figcaption, .card dt, .choices .button");
    return [...shown].map((part) => part.textContent.trim()).join("。");
  }

  function speak(item, button) {
    const wasSpeaking = button.getAttribute("aria-pressed") === "true";
    voice.cancel();
    if (wasSpeaking) return;
    const utterance = new SpeechSynthesisUtterance(wordsOf(item));
    utterance.lang = document.documentElement.lang;
    utterance.rate = 0.9;
    const tell = (isOn) => {
      button.textContent = isOn ? chat.dataset.sayStopReading : chat.dataset.sayReadAloud;
      button.setAttribute("aria-pressed", String(isOn));
    };
    utterance.addEventListener("end", () => tell(false));
    utterance.addEventListener("error", () => tell(false));
    tell(true);
    voice.speak(utterance);
  }

  function offer(item) {
    if (item.dataset?.from !== "huiyin" || item.querySelector(".read-aloud")) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button quiet read-aloud";
    button.textContent = chat.dataset.sayReadAloud;
    button.addEventListener("click", () => speak(item, button));
    item.querySelector(".bubble").after(button);
  }

  const list = document.getElementById("messages");
  [...list.children].forEach(offer);
  new MutationObserver((changes) => {
    changes.forEach(({ addedNodes }) => addedNodes.forEach(offer));
  }).observe(list, { childList: true });
  window.addEventListener("pagehide", () => voice.cancel());
})();
