"use strict";

// The dashboard's one script. Pages are whole without it. With it, what is live on a page is fetched again each second,
// times are spelled as the reader's browser spells them, and filled-in forms are never taken away.

const EVERY_MS = 1000;
const SLOW_MS = 400;
const LOST_MS = 10_000;

/* Times, as this browser spells them; in the cohort's zone, as the server has it. */

const DAY = { day: "numeric", month: "short" };
const WHOLE_DAY = { weekday: "short", ...DAY, year: "numeric" };
const MOMENT = { ...WHOLE_DAY, hour: "2-digit", minute: "2-digit" };

function write(element, text, form, timeZone) {
  const said = new Date(text);
  if (!Number.isNaN(said.getTime())) {
    element.textContent = new Intl.DateTimeFormat(undefined, { ...form, timeZone }).format(said);
  }
}

function spell(root) {
  for (const time of root.querySelectorAll("time:not([data-age])")) {
    if ("zone" in time.dataset) write(time, time.dateTime, MOMENT, time.dataset.zone);
    else write(time, `${time.dateTime}T12:00:00Z`, "short" in time.dataset ? DAY : WHOLE_DAY, "UTC");
  }
  for (const label of root.querySelectorAll("text[data-day]")) write(label, `${label.dataset.day}T12:00:00Z`, DAY, "UTC");
  for (const label of root.querySelectorAll("text[data-month]")) {
    write(label, `${label.dataset.month}T12:00:00Z`, { month: "short" }, "UTC");
  }
  for (const number of root.querySelectorAll("data.figure")) {
    number.textContent = new Intl.NumberFormat().format(Number(number.value));
  }
}

/* What is live: sections whose rows carry a key. A row is exchanged when the server's differs from the last it sent. */

const sent = new WeakMap();

function remember(root) {
  for (const element of root.querySelectorAll("[data-key]")) sent.set(element, element.outerHTML);
}

function isBusy(element) {
  if (element.contains(document.activeElement)) return true;
  return [...element.querySelectorAll("textarea, input:not([type=hidden])")].some((field) => field.value !== field.defaultValue);
}

function keyed(parent) {
  return new Map([...parent.querySelectorAll("[data-key]")].map((element) => [element.dataset.key, element]));
}

function shape(region) {
  // What is not in keyed rows: headings, empty tables. When that changes, the region is exchanged as a whole.
  const copy = region.cloneNode(true);
  for (const element of copy.querySelectorAll("[data-key]")) element.remove();
  return copy.textContent.replace(/\s+/g, " ");
}

function exchange(region, fresh) {
  const before = keyed(region);
  const after = keyed(fresh);
  for (const [key, element] of before) {
    if (!after.has(key) && !isBusy(element)) element.remove();
  }
  for (const [key, element] of after) {
    const old = before.get(key);
    if (old === undefined || !old.isConnected) continue;
    if (sent.get(old) === element.outerHTML || isBusy(old)) continue;
    const source = element.outerHTML;
    const put = document.importNode(element, true);
    old.replaceWith(put);
    sent.set(put, source);
    spell(put);
  }
  place(region, after);
}

function place(region, after) {
  // New rows go where the server has them: behind the row that stands before them there.
  let last = null;
  for (const [key, element] of after) {
    const here = region.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (here !== null) { last = here; continue; }
    const source = element.outerHTML;
    const put = document.importNode(element, true);
    if (last !== null && last.parentElement.tagName === element.parentElement.tagName) last.after(put);
    else {
      const home = region.querySelector(element.parentElement.tagName.toLowerCase());
      if (home === null) return;
      home.prepend(put);
    }
    sent.set(put, source);
    spell(put);
    last = put;
  }
}

function refresh(fresh) {
  const regions = [...document.querySelectorAll("[data-live]")];
  const coming = [...fresh.querySelectorAll("[data-live]")];
  regions.forEach((region, n) => {
    const next = coming[n];
    if (next === undefined) return;
    const source = next.cloneNode(true);
    spell(source);
    if (shape(region) !== shape(source) && !isBusy(region)) {
      region.replaceChildren(...[...next.childNodes].map((node) => document.importNode(node, true)));
      remember(region);
      spell(region);
    } else exchange(region, next);
  });
  const count = fresh.querySelector(".top nav");
  const nav = document.querySelector(".top nav");
  if (count !== null && nav !== null && !nav.contains(document.activeElement) && nav.innerHTML !== count.innerHTML) {
    nav.innerHTML = count.innerHTML;
  }
}

/* The state of all that: on, paused by the reader, or lost. It is said once, not each second. */

class Live {
  constructor(box) {
    this.box = box;
    this.words = box.querySelector("[data-live-words]");
    this.button = box.querySelector("[data-live-button]");
    this.tag = null;
    this.timer = null;
    this.isAsking = false;
    this.button.addEventListener("click", () => this.press());
    document.addEventListener("visibilitychange", () => this.later(0));
    box.hidden = false;
    this.say("on");
    this.later(EVERY_MS);
  }

  say(state) {
    if (this.state === state) return;
    this.state = state;
    this.box.dataset.state = state;
    const at = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" }).format(new Date());
    this.words.textContent = {
      on: "Updates by itself",
      paused: `Paused at ${at}`,
      lost: `Not connected since ${at}; what you see is kept`,
      over: "You are signed out",
    }[state];
    this.button.textContent = { on: "Pause", paused: "Go on", lost: "Retry", over: "Sign in" }[state];
  }

  press() {
    if (this.state === "over") { location.reload(); return; }
    if (this.state === "on") { this.say("paused"); return; }
    if (this.state === "paused") this.say("on");
    this.ask();
  }

  later(milliseconds) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), milliseconds);
  }

  async ask() {
    clearTimeout(this.timer);
    if (this.isAsking || this.state === "paused" || this.state === "over") return;
    if (document.visibilityState === "hidden") return;
    this.isAsking = true;
    const slow = setTimeout(() => this.load(true), SLOW_MS);
    try {
      const headers = { "X-Milepost-Refresh": "1" };
      if (this.tag !== null) headers["If-None-Match"] = this.tag;
      const signal = AbortSignal.timeout(LOST_MS);
      const asked = { headers, signal, redirect: "error", cache: "no-store" };
      const answer = await fetch(location.pathname + location.search, asked);
      if (answer.status === 401) { this.say("over"); return; }
      // Shown no more: a consent was withdrawn, a lead removed. What stands here must go at once.
      if (answer.status === 404) { location.reload(); return; }
      if (answer.status === 200) {
        this.tag = answer.headers.get("ETag");
        refresh(new DOMParser().parseFromString(await answer.text(), "text/html"));
      } else if (answer.status !== 304) throw new Error(String(answer.status));
      if (this.state !== "paused") this.say("on");
    } catch {
      if (this.state !== "paused") this.say("lost");
    } finally {
      clearTimeout(slow);
      this.load(false);
      this.isAsking = false;
      this.later(EVERY_MS);
    }
  }

  load(isLoading) {
    for (const region of document.querySelectorAll("[data-live]")) {
      region.classList.toggle("is-loading", isLoading);
      region.setAttribute("aria-busy", String(isLoading));
    }
  }
}

remember(document);
spell(document);
for (const box of document.querySelectorAll("[data-live-state]")) new Live(box);
// What was just done is said once; loading the page again should not say it again.
const here = new URL(location.href);
if (here.searchParams.has("done")) {
  here.searchParams.delete("done");
  history.replaceState(null, "", here);
}
