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

// The date counts for Custom alone.
const expiration = document.getElementById("expiration");
const date = document.getElementById("date");
if (expiration && date) {
  const follow = () => {
    date.disabled = expiration.value !== "custom";
  };
  expiration.addEventListener("change", follow);
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
const notice = document.querySelector(".notice");
if (notice) notice.focus();
