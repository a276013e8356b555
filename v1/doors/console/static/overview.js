"use strict";
// Overview renews itself every 30 seconds while its tab is seen. What is focused, open, chosen or selected stays so.

const SECONDS = 30;
const main = document.getElementById("main");
const stale = document.getElementById("stale");
let timer = 0;

// The child of `parent` that `fresh` is a newer version of: that of its key, or else the next one of its kind.
const counterpart = (fresh, next, keyed) => {
  if (fresh.dataset?.key) return keyed.get(fresh.dataset.key);
  while (next?.dataset?.key && next.nodeName === fresh.nodeName) next = next.nextSibling;
  return next?.nodeName === fresh.nodeName && next.id === fresh.id ? next : undefined;
};

const renewAttributes = (old, fresh) => {
  for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  const kept = old.nodeName === "DETAILS" ? ["open"] : ["data-sent"];
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name) && !kept.includes(name)) old.removeAttribute(name);
};

const renew = (old, fresh) => {
  if (old.nodeType === Node.TEXT_NODE) {
    if (old.data !== fresh.data) old.data = fresh.data;
    return;
  }
  if (old.nodeType !== Node.ELEMENT_NODE || old.isEqualNode(fresh)) return;
  renewAttributes(old, fresh);
  const keyed = new Map([...old.children].filter((each) => each.dataset.key).map((each) => [each.dataset.key, each]));
  let next = old.firstChild;
  for (const each of [...fresh.childNodes]) {
    const found = counterpart(each, next, keyed);
    if (found && found !== next) old.insertBefore(found, next);
    if (found) renew(found, each);
    else old.insertBefore(each, next);
    if (found) next = found.nextSibling;
  }
  while (next) {
    const gone = next;
    next = next.nextSibling;
    gone.remove();
  }
};

const stop = () => {
  clearTimeout(timer);
  stale.hidden = false;
  stale.textContent = stale.dataset.said;
};

const refresh = async () => {
  let page;
  try {
    const answer = await fetch(location.href, { headers: { "X-Gatepass-Refresh": "1" }, redirect: "error", cache: "no-store" });
    if (!answer.ok) return stop();
    page = new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    return stop(); // the server is down, or the session has ended: that is a redirect
  }
  const focused = document.activeElement;
  for (const each of page.querySelectorAll("[data-renewed]")) {
    const old = main.querySelector(`[data-renewed="${each.dataset.renewed}"]`);
    if (old) renew(old, each);
  }
  stale.dataset.said = page.getElementById("stale").dataset.said;
  if (focused !== document.activeElement && focused.isConnected) focused.focus({ preventScroll: true });
  start();
};

const start = () => {
  clearTimeout(timer);
  timer = document.hidden ? 0 : setTimeout(refresh, SECONDS * 1000);
};

// A tab that was not seen for a while is renewed at once.
document.addEventListener("visibilitychange", () => {
  clearTimeout(timer);
  if (!document.hidden && stale.hidden) refresh();
});
start();
