// What all pages that change something share: the texts, the name, sending, telling.

import { keepHere } from "./kept_here.js";

const texts = document.getElementById("texts")?.dataset ?? {};
const told = document.getElementById("told");
const NAME = "fengong:who";
const WAITING_AFTER = 1500;
let fading = 0;

export function text(name) {
  return texts[name] ?? name;
}

// Show a short message for a while; `lasts` keeps it until the next one.
export function tell(message, lasts = false) {
  if (!told) return;
  clearTimeout(fading);
  told.textContent = message;
  if (!lasts) fading = setTimeout(() => (told.textContent = ""), 4000);
}

// The field for the name of whoever corrects is remembered by the browser.
export function bindName() {
  const field = document.getElementById("who");
  if (!field) return () => "";
  // As the desk keeps it, so that a person's own decisions are found again by his name.
  const written = () => field.value.trim().replace(/\s+/g, " ");
  const keep = () => keepHere(NAME, written());
  // Somebody may have written it before this script ran.
  if (field.value) keep();
  else field.value = localStorage.getItem(NAME) ?? "";
  field.addEventListener("change", keep);
  return written;
}

export function needsName(name) {
  const field = document.getElementById("who");
  if (!field || name()) return false;
  tell(text("name"), true);
  field.focus();
  return true;
}

// Ask for JSON. Throws an error with `status` and the answer's words; status 0 where nobody answers.
export async function ask(address, body) {
  const options = { headers: { accept: "application/json" } };
  if (body !== undefined) {
    options.method = "POST";
    options.headers["content-type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  let answer;
  try {
    answer = await fetch(address, options);
  } catch {
    throw Object.assign(new Error(text("unreached")), { status: 0 });
  }
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) {
    const words = said.error ? `${said.error}${said.remedy ? ` — ${said.remedy}` : ""}` : String(answer.status);
    throw Object.assign(new Error(words), { status: answer.status, said });
  }
  return said;
}

// Where saving lasts, say so if another run is being waited for, until `saving` has ended.
export async function tellWaiting(address, saving) {
  let hasEnded = false;
  const end = () => {
    hasEnded = true;
    if (told?.textContent === text("waiting")) tell("");
  };
  saving.then(end, end);
  for (;;) {
    await new Promise((done) => setTimeout(done, WAITING_AFTER));
    if (hasEnded) return;
    const said = await ask(`${address}/version`).catch(() => ({}));
    if (said.is_waiting && !hasEnded) tell(text("waiting"), true);
  }
}

// The words behind the # of the address.
export function readHash() {
  const written = location.hash.slice(1);
  try {
    return decodeURIComponent(written);
  } catch {
    return written;
  }
}

export function isTyping(target) {
  return target.closest("input, textarea, select, dialog[open]") !== null;
}

export function find(root, name, value) {
  return root.querySelector(`[data-${name}="${CSS.escape(value)}"]`);
}

export function findAll(root, name, value) {
  return root.querySelectorAll(`[data-${name}="${CSS.escape(value)}"]`);
}
