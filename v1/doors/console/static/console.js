"use strict";
// What the console's pages do better with a script than without; each of them works without.

const every = (selector, event, act) =>
  document.querySelectorAll(selector).forEach((element) => element.addEventListener(event, (e) => act(e, element)));

// The dialog that makes a token: without a script it is part of the page that its link leads to.
// Closed, it then leads where Cancel does: what was wrong in it is not there when it is opened again.
document.querySelectorAll("dialog[open]").forEach((dialog) => {
  dialog.removeAttribute("open");
  dialog.showModal();
  dialog.addEventListener("close", () => location.assign(dialog.querySelector("[data-closes]").href));
});
every("[data-opens]", "click", (event, link) => {
  event.preventDefault();
  document.getElementById(link.dataset.opens).showModal();
});
every("[data-closes]", "click", (event, link) => {
  event.preventDefault();
  link.closest("dialog").close();
});

// The date counts for Custom alone; for the others the day is said on which the token ends.
const expiration = document.getElementById("expiration");
const date = document.getElementById("date");
const expires = document.getElementById("expires");
if (expiration && date && expires) {
  const follow = () => {
    const custom = expiration.value === "custom";
    date.disabled = !custom;
    date.closest(".field").hidden = !custom;
    expires.hidden = custom;
    expires.textContent = expires.getAttribute(`data-${expiration.value}`) || "";
  };
  expiration.addEventListener("change", follow);
  follow();
}

// A password is shown on request, until the form is sent.
every("[data-shows]", "click", (_, button) => {
  const field = document.getElementById(button.dataset.shows);
  const shown = field.type === "text";
  field.type = shown ? "password" : "text";
  button.setAttribute("aria-pressed", String(!shown));
});
document.querySelectorAll("[data-shows]").forEach((button) => {
  button.hidden = false;
  button.form.addEventListener("submit", () => {
    document.getElementById(button.dataset.shows).type = "password";
  });
});

// The zones that the browser knows, and its own.
const zone = document.getElementById("time_zone");
if (zone) {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const names = Intl.supportedValuesOf ? Intl.supportedValuesOf("timeZone") : [own];
  document.getElementById("time-zones").append(...names.map((name) => new Option(name)));
  const offer = document.querySelector("[data-offers-zone]");
  const button = offer.querySelector("button");
  const follow = () => {
    offer.hidden = !own || zone.value.trim() === own || (own === "UTC" && !zone.value.trim());
  };
  button.textContent = own;
  button.addEventListener("click", () => {
    zone.value = own;
    zone.focus();
    follow();
  });
  zone.addEventListener("input", follow);
  follow();
}

// Of a double click the second would show that the name is taken, and not the token.
every("form", "submit", (event, form) => {
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "1";
});
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form").forEach((form) => delete form.dataset.sent);
});

// A new token is copied by a button.
every("[data-copies]", "click", async (_, button) => {
  const field = document.getElementById(button.dataset.copies);
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    document.execCommand("copy");
  }
  button.textContent = button.dataset.copied;
  document.getElementById("copied").textContent = button.dataset.copied;
});
document.querySelectorAll("[data-copies]").forEach((button) => {
  button.hidden = false;
});

// The menu under the name closes as menus do.
const menu = document.querySelector("details.menu");
if (menu) {
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu.open) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target) || event.target.closest("a")) menu.open = false;
  });
}

// A plot that is wider than a phone begins with the latest.
document.querySelectorAll(".scroll:has(svg)").forEach((box) => {
  box.scrollLeft = box.scrollWidth;
});

// What was done is told first to whoever reads with a screen reader or a magnifier.
// Once more after the browser has gone to the section of the URL, which takes the focus away; not from a field.
const notice = document.querySelector(".notice");
if (notice) {
  const again = () => {
    if (!document.activeElement.matches("a, button, input, select, summary, textarea")) notice.focus();
  };
  notice.focus();
  window.addEventListener("load", () => requestAnimationFrame(() => setTimeout(again)));
}
