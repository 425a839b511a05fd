// Makes the web chat quicker. Every form of the page works without it, by loading the page again.
// Markup comes ready from the server; words go in as text only.
"use strict";

(() => {
  const chat = document.querySelector("[data-chat]");
  if (!chat || !window.fetch || !window.AbortSignal) return;

  const POLL_MS = 3000;
  const SOON_MS = 1000;
  const SLOW_MS = 8000;
  const PATIENCE_MS = 45000;
  const LONGEST_PAUSE_MS = 30000;
  const NEAR_END_PX = 120;
  const GONE_AFTER = 3;
  const DRAFT = "huiyin.draft";

  const byId = (id) => document.getElementById(id);
  const [log, list, form, text, photo] = ["log", "messages", "write", "text", "photo"].map(byId);
  const [status, problem, news, folded] = ["status", "problem", "news", "folded"].map(byId);
  const say = (name) => chat.dataset[`say${name}`] || "";
  const isNearEnd = () => log.scrollTop > -NEAR_END_PX;
  const isLost = (code) => code === 401 || code === 403;
  const later = (ms, step) => setTimeout(step, ms);

  let last = chat.dataset.last;
  let sending = false;
  let sends = 0;
  let failures = 0;
  let isStale = false;
  let pollTimer = 0;
  let slowTimers = [];
  let waitingSince = chat.dataset.waiting ? Date.now() : 0;
  let attempt = {};

  // What is going on, above the text field.

  function tell(sentence, isWorking) {
    if (status.textContent !== sentence) status.textContent = sentence;
    status.classList.toggle("working", Boolean(isWorking));
  }

  function complain(sentence, offersReload) {
    problem.textContent = sentence;
    problem.hidden = !sentence;
    if (!offersReload) return;
    const reload = document.createElement("a");
    reload.href = location.pathname;
    reload.textContent = say("Reload");
    problem.append(" ", reload);
  }

  function tellWhenSlow(...steps) {
    slowTimers.forEach(clearTimeout);
    slowTimers = steps.map(([ms, name]) => later(ms, () => tell(say(name), true)));
  }

  function tellBack() {
    tell(say("Online"));
    later(SLOW_MS / 2, () => status.textContent === say("Online") && tell(""));
  }

  function goStale() {
    isStale = true;
    tellWhenSlow();
    tell("");
    complain(say("Stale"), true);
  }

  // The conversation.

  function showFrom(first) {
    news.hidden = true;
    const end = list.lastElementChild;
    const height = end.getBoundingClientRect().bottom - first.getBoundingClientRect().top;
    if (height > log.clientHeight) first.scrollIntoView({ block: "start" });
    else end.scrollIntoView({ block: "end" });
  }

  function closeWhatWasBefore(own) {
    const before = [...list.children].filter((item) => item !== own);
    dropOffers();
    if (!folded || !before.length) return;
    byId("folded-messages").append(...before);
    folded.hidden = folded.open = false;
  }

  function dropOffers() {
    chat.querySelectorAll("li [data-offers]").forEach((offer) => offer.remove());
  }

  function add(item) {
    if (item.dataset.from === "resident") closeWhatWasBefore();
    else if (item.querySelector("[data-offers]")) dropOffers();
    list.append(item);
  }

  function addOwn(words) {
    const item = byId("own-message").content.firstElementChild.cloneNode(true);
    item.removeAttribute("id");
    item.classList.add("sending");
    item.querySelector(".words").textContent = words;
    list.append(item);
    return item;
  }

  function parsed(message) {
    const holder = document.createElement("template");
    holder.innerHTML = message.html;
    return holder.content.firstElementChild;
  }

  function take({ messages = [], last: newest = last }, own) {
    last = newest;
    let shown = own;
    let firstReply;
    for (const message of messages) {
      if (byId(`m-${message.id}`)) continue;
      const item = parsed(message);
      if (own && message.from === "resident") {
        own.replaceWith(item);
        shown = own = item;
        continue;
      }
      add(item);
      shown ||= item;
      if (message.from === "huiyin") firstReply ||= item;
    }
    if (firstReply) {
      waitingSince = 0;
      tellWhenSlow();
      tell("");
    }
    return firstReply || shown;
  }

  // Asking for news while somebody looks.

  function pollIn(ms) {
    clearTimeout(pollTimer);
    if (!isStale && !document.hidden) pollTimer = later(ms, poll);
  }

  function pause() {
    if (failures) return Math.min(POLL_MS * 2 ** failures, LONGEST_PAUSE_MS);
    return waitingSince && Date.now() - waitingSince < SLOW_MS * 2 ? SOON_MS : POLL_MS;
  }

  async function poll() {
    if (sending) return pollIn(POLL_MS);
    const sendsBefore = sends;
    try {
      const answer = await ask(`${chat.dataset.chat}?after=${encodeURIComponent(last)}`);
      if (isLost(answer.status)) return goStale();
      if (!answer.ok) throw new Error(answer.status);
      const body = await answer.json();
      if (failures >= GONE_AFTER) tellBack();
      failures = 0;
      // What was said meanwhile comes first: the next round brings both.
      if (sendsBefore === sends) showNews(body);
    } catch {
      failures += 1;
      if (failures === GONE_AFTER) tell(say("Offline"));
    }
    return pollIn(pause());
  }

  function showNews(body) {
    const wasNearEnd = isNearEnd();
    const first = take(body);
    if (!first) return;
    if (wasNearEnd) showFrom(first);
    else news.hidden = false;
  }

  function ask(address, options) {
    const signal = AbortSignal.timeout?.(PATIENCE_MS);
    return fetch(address, { headers: { Accept: "application/json" }, signal, ...options });
  }

  // Saying something. The same words tried again count once.

  function identityOf(data) {
    const { name, size } = data.get("photo") || {};
    const parts = ["text", "choice", "tapped", "latitude"].map((field) => data.get(field));
    const words = JSON.stringify([...parts, name, size]);
    if (attempt.words !== words) attempt = { words, id: `${data.get("client_id")}.${sends}` };
    return attempt.id;
  }

  function gathered(source, button) {
    const data = new FormData(source);
    if (button?.name) data.append(button.name, button.value);
    if (!data.get("photo")?.size) data.delete("photo");
    return data;
  }

  function shownWords(source, button) {
    if (source !== form) return button.textContent.trim();
    const chips = [...form.querySelectorAll("li:not([hidden]) .chip-words")];
    const lines = [text.value.trim(), ...chips.map((chip) => chip.textContent)];
    return lines.filter(Boolean).join("\n");
  }

  function setSending(isSending) {
    sending = isSending;
    chat.classList.toggle("is-sending", isSending);
    byId("send").setAttribute("aria-disabled", String(isSending));
  }

  function clearForm(typedMeanwhile) {
    text.value = typedMeanwhile;
    sessionStorage.setItem(DRAFT, typedMeanwhile);
    dropPhoto();
    dropLocation();
    fit();
  }

  async function send(source, button) {
    const data = gathered(source, button);
    data.set("client_id", identityOf(data));
    const kept = text.value;
    const own = addOwn(shownWords(source, button));
    complain("");
    setSending(true);
    sends += 1;
    if (source === form) text.value = "";
    fit();
    showFrom(own);
    tellWhenSlow([SOON_MS, "Sending"], [SLOW_MS, "SlowSend"]);
    try {
      const answer = await ask(chat.dataset.chat, { method: "POST", body: data });
      const body = await answer.json().catch(() => ({}));
      if (answer.ok) arrived(own, body, source);
      else refused(own, kept, source, answer.status, body.message);
    } catch {
      refused(own, kept, source);
    }
    setSending(false);
    pollIn(pause());
  }

  function arrived(own, body, source) {
    attempt = {};
    own.classList.remove("sending");
    if (source === form) clearForm(text.value);
    closeWhatWasBefore(own);
    waitingSince = Date.now();
    tellWhenSlow([0, "Thinking"], [SLOW_MS, "SlowReply"]);
    showFrom(take(body, own));
    (matchMedia("(pointer: fine)").matches || source === form ? text : log).focus();
  }

  function refused(own, kept, source, code, sentence) {
    own.remove();
    tellWhenSlow();
    tell("");
    if (source === form) text.value = [kept, text.value].filter(Boolean).join("\n");
    fit();
    const excuse = source === form ? "NotSent" : "TapNotSent";
    if (isLost(code)) goStale();
    else complain(sentence || say(navigator.onLine ? excuse : "Offline"));
  }

  chat.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-send]")) return;
    event.preventDefault();
    if (isStale) goStale();
    else if (sending) tell(say("WaitFirst"), true);
    else if (event.target === form && !shownWords(form)) text.focus();
    else send(event.target, event.submitter || event.target.querySelector("button[name]"));
  });

  // The text field.

  function fit() {
    if (CSS.supports("field-sizing", "content")) return;
    text.style.height = "auto";
    text.style.height = `${text.scrollHeight + 2}px`;
  }

  text.addEventListener("input", () => {
    sessionStorage.setItem(DRAFT, text.value);
    fit();
  });

  text.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || matchMedia("(pointer: coarse)").matches) return;
    // Chinese input methods end a word with Enter; Safari tells by the key code alone.
    if (event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    byId("send").click();
  });

  // A photo and a place to go with it.

  function showChip(name, isShown) {
    byId(`${name}-chip`).hidden = !isShown;
    byId("enclosed").hidden = !form.querySelector("li:not([hidden])");
  }

  function dropPhoto() {
    photo.value = "";
    showChip("photo", false);
  }

  function dropLocation() {
    byId("latitude").value = byId("longitude").value = "";
    showChip("location", false);
  }

  photo.addEventListener("change", () => {
    const file = photo.files[0];
    complain("");
    if (!file) return dropPhoto();
    if (file.size > Number(chat.dataset.maxBytes)) {
      dropPhoto();
      return complain(say("TooLarge"));
    }
    const words = form.querySelector("#photo-chip .chip-words");
    const isVoice = file.type.startsWith("audio/");
    words.textContent = isVoice
      ? words.dataset.voice
      : words.dataset.words.replace("{name}", file.name);
    return showChip("photo", true);
  });

  for (const [name, drop] of Object.entries({ photo: dropPhoto, location: dropLocation })) {
    byId(`${name}-off`).addEventListener("click", () => {
      drop();
      byId(name).focus();
    });
  }

  const place = byId("location");
  place.hidden = !navigator.geolocation || !window.isSecureContext;
  place.addEventListener("click", () => {
    complain("");
    tell(say("Locating"), true);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        byId("latitude").value = coords.latitude.toFixed(5);
        byId("longitude").value = coords.longitude.toFixed(5);
        tell("");
        showChip("location", true);
      },
      () => {
        tell("");
        complain(say("NoLocation"));
      },
      { enableHighAccuracy: true, timeout: 10000, maximumAge: 60000 },
    );
  });

  // Coming, going, losing the network.

  news.addEventListener("click", () => {
    showFrom(list.lastElementChild);
    log.focus();
  });
  log.addEventListener("scroll", () => {
    if (isNearEnd()) news.hidden = true;
  });
  document.addEventListener("visibilitychange", () => pollIn(0));
  window.addEventListener("pageshow", (event) => event.persisted && pollIn(0));
  window.addEventListener("offline", () => tell(say("Offline")));
  window.addEventListener("online", () => {
    tellBack();
    failures = 0;
    pollIn(0);
  });
  const languages = document.querySelector(".languages");
  document.addEventListener("click", (event) => {
    if (!languages.contains(event.target)) languages.open = false;
  });

  if (!text.value) text.value = sessionStorage.getItem(DRAFT) || "";
  fit();
  if (folded) showFrom(list.querySelector(".ours") || list);
  if (waitingSince) tellWhenSlow([0, "Thinking"], [SLOW_MS, "SlowReply"]);
  pollIn(pause());
})();
