// Edit the fields of one item in its card.

import { dropDraft, keepDraft, readDraft } from "./drafts.js";
import { text } from "./net.js";

// The values of these are no words for people.
const EDITS = ["split", "join", "add", "delete", "reviewed"];

function fieldsOf(card) {
  return [...card.querySelectorAll(".field")].map((one) => [one.dataset.field, one.dataset.text]);
}

// Give a card the buttons that only the current one has, or take them away.
export function showActions(card, isCurrent) {
  if (!card) return;
  card.classList.toggle("current", isCurrent);
  card.querySelector(".minor")?.remove();
  const minor = document.getElementById("minor-actions")?.content;
  if (isCurrent && minor && card.dataset.form === undefined) card.querySelector(".actions")?.append(minor.cloneNode(true));
}

// Open the form of a card, with an earlier draft where there is one; `send` is given what was changed.
export function openForm(card, send, close) {
  const open = card.querySelector("form.edit");
  if (open) return open;
  const itemId = card.dataset.item;
  const form = document.getElementById(card.dataset.form ?? "edit-form").content.firstElementChild.cloneNode(true);
  const draft = readDraft(itemId);
  const seen = { ...Object.fromEntries(fieldsOf(card)), ...draft?.seen };
  for (const area of form.querySelectorAll("textarea")) {
    area.value = draft?.values?.[area.name] ?? seen[area.name] ?? "";
    markChanged(area, seen);
  }
  form.elements.why.value = draft?.why ?? "";
  form.addEventListener("input", (event) => {
    if (event.target.name !== "why") markChanged(event.target, seen);
    keepDraft(itemId, { seen, values: valuesOf(form), why: form.elements.why.value });
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const values = valuesOf(form);
    const changes = Object.keys(values)
      .filter((name) => values[name] !== seen[name])
      .map((name) => ({ item_id: itemId, field: name, value: values[name], seen: seen[name] }));
    if (changes.length) send(changes, form.elements.why.value, form);
    else cancel();
  });
  const cancel = () => {
    dropDraft(itemId);
    form.remove();
    close();
  };
  form.addEventListener("keydown", (event) => {
    // Enter and Escape are the input method's own while characters are being chosen.
    if (event.isComposing) return;
    if (event.key === "Escape") cancel();
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey || event.target.name === "why")) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  form.querySelector("[data-do=cancel]").addEventListener("click", cancel);
  card.append(form);
  return form;
}

// Ask again with what others wrote as what was seen, where it was another value.
export function withConflicts(changes, conflicts) {
  return changes.map((one) => {
    const found = conflicts.find((other) => other.item_id === one.item_id && other.field === one.field);
    if (!found) return one;
    return { ...one, seen: found.now, ...("seen_who" in one && { seen_who: found.now_who }) };
  });
}

// The same changes, with the values that a card shows as those that were seen: what others write later stays.
export function withSeen(changes, card) {
  return changes.map((one) => {
    const field = card?.querySelector(`[data-field="${one.field}"]`);
    return field ? { ...one, seen: field.dataset.text } : one;
  });
}

// The changes that take others back: an earlier correction comes back, else what was read.
export function reverse(changes, card) {
  return changes.map(({ item_id, field, seen }) => {
    const isCorrected = card?.querySelector(`[data-field="${field}"]`)?.classList.contains("corrected");
    return isCorrected ? { item_id, field, value: seen } : { item_id, field, is_undo: true };
  });
}

function valuesOf(form) {
  return Object.fromEntries([...form.querySelectorAll("textarea")].map((one) => [one.name, one.value.trim()]));
}

function markChanged(area, seen) {
  area.classList.toggle("changed", area.value.trim() !== (seen[area.name] ?? ""));
}

// The values of an item that are another now than a card shows: [name, now] of each.
function listChanged(values, card) {
  const shown = Object.fromEntries(card ? fieldsOf(card) : []);
  return Object.entries(values)
    .filter(([name, now]) => (card ? name in shown && shown[name] !== now : now))
    .map(([name, now]) => [headOf(card, name), now]);
}

function headOf(card, name) {
  const field = card?.querySelector(`[data-field="${name}"]`);
  return field?.querySelector("dt")?.textContent ?? field?.dataset.head ?? name;
}

// Show what somebody else wrote beside what was to be saved; `again` saves it all the same. `card` is
// what the person saw.
export function showConflict(place, conflicts, again, giveUp, card = null) {
  place.querySelector(".conflict")?.remove();
  const box = document.createElement("div");
  box.className = "conflict";
  box.setAttribute("role", "alert");
  box.append(paragraph(text("conflict")));
  for (const one of conflicts) {
    const by = one.now_who ? `（${one.now_who}）` : "";
    if (one.values) {
      if (one.now_who) box.append(paragraph(`${text("now")}：${text("foundRight")}${by}`));
      for (const [name, now] of listChanged(one.values, card)) {
        box.append(paragraph(`${text("now")} · ${name}：${now || text("none")}`));
      }
    } else if (one.field !== "add" || one.now === null) {
      box.append(paragraph(`${text("now")}：${one.now === null ? text("gone") : one.now || text("none")}${by}`));
    }
    if (one.yours && !EDITS.includes(one.field)) box.append(paragraph(`${text("yours")}：${one.yours}`));
  }
  if (conflicts.every((one) => one.now !== null)) box.append(button(text("takeYours"), "", again), " ");
  box.append(button(text("keepTheirs"), "quiet", giveUp));
  place.prepend(box);
  box.querySelector("button").focus();
}

function paragraph(words) {
  const made = document.createElement("p");
  made.textContent = words;
  return made;
}

function button(words, kind, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = kind;
  made.textContent = words;
  made.addEventListener("click", act);
  return made;
}
