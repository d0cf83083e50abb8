// Says what the page is doing: which part is being worked out, that an answer is on its way, that the app went to sleep.
"use strict";
(() => {
  const PATIENCE = 300; // ms of work before a word about it
  let shown, asleep = false, failures = 0;
  const line = () => document.getElementById("busy");

  const say = (text, name = "seen") => {
    const busy = line();
    if (!busy || asleep) return;
    busy.textContent = text;
    busy.className = text ? name : "";
  };
  const busy = (text) => {
    clearTimeout(shown);
    shown = setTimeout(() => say(text), PATIENCE);
  };
  const idle = () => {
    clearTimeout(shown);
    say("");
  };
  const sleep = () => {
    clearTimeout(shown);
    say("This app was stopped after a time without use. Reload the page to go on.", "seen asleep");
    asleep = true;
  };

  // Answers of boxes are read out as they change: their place stays, only what is in it is new. What stands under a box belongs to it.
  let named = 0;
  new MutationObserver(() => {
    for (const place of document.querySelectorAll(".what-if-live:not([aria-live])")) place.setAttribute("aria-live", "polite");
    for (const box of document.querySelectorAll(".what-if-cell input:not([aria-describedby])")) {
      const about = [...box.closest(".what-if-cell").querySelectorAll(".what-if-about")];
      if (about.length < 2) continue;
      for (const text of about) text.id = `about-${(named += 1)}`;
      box.setAttribute("aria-describedby", about.map((text) => text.id).join(" "));
    }
  }).observe(document, { childList: true, subtree: true, attributeFilter: ["class"] });

  // While the page arrives: its parts come one after the other.
  const watch = new MutationObserver(() => {
    const bar = line();
    if (!bar) return;
    const done = document.querySelectorAll("[data-part]").length;
    busy(`Working it out: part ${Math.min(done + 1, Number(bar.dataset.parts))} of ${bar.dataset.parts}`);
  });
  watch.observe(document, { childList: true, subtree: true });
  document.addEventListener("DOMContentLoaded", () => {
    watch.disconnect();
    idle();
    window.cellLoaded = true;
  });
  window.voila_finish = idle;
  window.voila_heartbeat = () => {};

  // Afterwards: the kernel says on its own channel when it is at work.
  const state = (data) => {
    const size = typeof data === "string" ? data.length : data.byteLength;
    if (size > 4096) return null;
    const text = typeof data === "string" ? data : new TextDecoder().decode(data);
    const found = /"execution_state":\s*"(\w+)"/.exec(text);
    return found && found[1];
  };
  const Plain = window.WebSocket;
  window.WebSocket = class extends Plain {
    constructor(url, protocols) {
      super(url, protocols);
      if (!String(url).includes("/api/kernels/")) return;
      let opened = false;
      this.addEventListener("open", () => { opened = true; failures = 0; });
      this.addEventListener("message", ({ data }) => {
        const now = state(data);
        if (now === "busy") busy("Working it out");
        else if (now) idle();
      });
      this.addEventListener("close", ({ reason }) => {
        if (reason === "stopped" || (!opened && (failures += 1) > 1)) sleep();
      });
    }
  };
})();
