// The page of one notice: keys, corrections, and what other people change meanwhile.

import { dropDraft, listDrafts, readDraft } from "./drafts.js";
import { openForm, reverse, showConflict, withConflicts, withSeen } from "./editing.js";
import { Linking, selectedStretch } from "./linking.js";
import { ask, bindName, find, isTyping, needsName, tell, text } from "./net.js";

const root = document.getElementById("notice");
const source = document.getElementById("source");
const cards = document.getElementById("cards");
const noticeId = root.dataset.notice;
const address = `/notices/${encodeURIComponent(noticeId)}`;
const mayWrite = "writing" in root.dataset;
const linking = new Linking(source, cards);
const name = bindName();
const done = [];
const LOOK_EVERY = 4000;
let current = null;

function allCards() {
  return [...cards.querySelectorAll(".item")];
}

function goTo(card, focuses = true) {
  if (!card) return;
  current?.classList.remove("current");
  current = card;
  card.classList.add("current");
  linking.showItem(card.dataset.i);
  card.scrollIntoView({ block: "nearest" });
  if (focuses) card.focus({ preventScroll: true });
}

function step(by) {
  const all = allCards();
  goTo(all[Math.max(0, Math.min(all.length - 1, (current ? all.indexOf(current) : by > 0 ? -1 : 1) + by))]);
}

// Doubts are cards, and problems that are of no item; both in the order of the source.
function jump(by) {
  const general = [...document.querySelectorAll("#general .warning[data-at], #general .error[data-at]")];
  const stops = [...cards.querySelectorAll(".doubtful"), ...general].sort((a, b) => a.dataset.at - b.dataset.at);
  if (!stops.length) return tell(text("noDoubts"));
  const at = stops.indexOf(jump.last?.isConnected ? jump.last : current);
  const from = Number((jump.last?.isConnected ? jump.last : current)?.dataset.at ?? -1);
  const behind = by > 0 ? stops.findIndex((one) => one.dataset.at > from) : stops.findLastIndex((one) => one.dataset.at < from);
  const next = at >= 0 ? (at + by + stops.length) % stops.length : behind >= 0 ? behind : by > 0 ? 0 : stops.length - 1;
  jump.last = stops[next];
  if (jump.last.classList.contains("item")) return goTo(jump.last);
  const button = jump.last.querySelector("[role=button]");
  button.focus({ preventScroll: true });
  button.scrollIntoView({ block: "nearest" });
  linking.showProblem(jump.last.dataset.p);
}

function showCounts() {
  const doubts = cards.querySelectorAll(".doubtful").length;
  const counts = document.getElementById("counts");
  counts.dataset.items ??= counts.textContent;
  counts.textContent = `${counts.dataset.items} · ${doubts} ${text("doubts")}`;
}

// Save changes; `place` is the form that they are from. What is taken back by `u` is not taken back again.
async function send(changes, why = "", place = null, isBack = false) {
  if (needsName(name)) return false;
  const itemId = changes[0].item_id;
  const backwards = reverse(changes, find(cards, "item", itemId));
  const added = listAdded();
  tell(text("saving"), true);
  try {
    const said = await ask(`${address}/changes`, { changes, who: name(), why });
    root.dataset.version = said.version;
    if (place) for (const one of changes) dropDraft(one.item_id);
    if (said.is_edit) await renew(false);
    for (const [id, html] of Object.entries(said.cards)) {
      replaceCard(find(cards, "item", id), html);
      reopenDraft(id);
    }
    if (!isBack && !changes.some((one) => one.is_undo)) {
      const madeId = listAdded().find((one) => !added.includes(one));
      done.push(madeId ? [{ field: "add", item_id: madeId }] : withSeen(backwards, find(cards, "item", itemId)));
    }
    showCounts();
    tell(text("saved"));
    return true;
  } catch (error) {
    const conflicts = error.said?.conflicts;
    if (!conflicts) return tell(error.message, true), false;
    tell("");
    const card = find(cards, "item", changes[0].item_id) ?? cards;
    showConflict(
      place ?? card,
      conflicts,
      () => send(withConflicts(changes, conflicts), why, place, isBack),
      () => {
        for (const one of changes) dropDraft(one.item_id);
        place?.remove();
        renew(false);
      },
    );
    return false;
  }
}

// The items that people added, as the page lists them.
function listAdded() {
  return [...document.querySelectorAll('#edits [data-kind="add"]')].map((one) => one.dataset.item);
}

// What was being written in a card that was replaced is not lost.
function reopenDraft(itemId) {
  const card = find(cards, "item", itemId);
  if (card && readDraft(itemId)) openForm(card, send, () => card.focus());
}

function replaceCard(card, html) {
  const made = new DOMParser().parseFromString(html, "text/html").querySelector(".item");
  if (!card || !made) return;
  const isCurrent = card === current;
  const hadFocus = card.contains(document.activeElement);
  card.replaceWith(made);
  if (isCurrent) {
    current = made;
    made.classList.add("current");
    if (hadFocus) made.focus({ preventScroll: true });
  }
}

// Bring the page up to what the desk has now; a card that is being edited stays as it is.
async function renew(tells) {
  const answer = await fetch(location.pathname, { headers: { accept: "text/html" } });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const now = page.getElementById("notice");
  const old = new Map(allCards().map((one) => [one.dataset.item, one]));
  const currentId = current?.dataset.item;
  const kept = [...page.querySelectorAll("#cards .item")].map((made) => {
    const before = old.get(made.dataset.item);
    const isSame = before && (before.querySelector("form.edit") || before.outerHTML.replace(" current", "") === made.outerHTML);
    if (isSame) before.dataset.i = made.dataset.i;
    return isSame ? before : made;
  });
  cards.replaceChildren(...kept);
  const layout = page.getElementById("source");
  if (layout.dataset.layout !== source.dataset.layout) {
    source.dataset.layout = layout.dataset.layout;
    source.replaceChildren(...layout.childNodes);
  }
  const head = page.getElementById("edits");
  const oldHead = document.getElementById("edits");
  if (head && oldHead) oldHead.replaceWith(head);
  else if (head) document.querySelector(".notice-head").append(head);
  else oldHead?.remove();
  root.dataset.version = now.dataset.version;
  current = null;
  if (currentId) goTo(find(cards, "item", currentId), false);
  showCounts();
  if (tells) tell(text("renewed"));
}

async function look() {
  if (document.visibilityState === "visible") {
    try {
      const said = await ask(`${address}/version`);
      if (said.version !== root.dataset.version) await renew(true);
    } catch {
      // Whoever saves is told that the desk cannot be reached; looking is tried again.
    }
  }
  setTimeout(look, LOOK_EVERY);
}

function contentOf(card) {
  return find(card, "field", "content").dataset.text;
}

const acts = {
  right: (card) => send([{ item_id: card.dataset.item, field: "reviewed", seen: contentOf(card) }]),
  edit: (card) => openForm(card, send, () => card.focus()).elements.title.focus(),
  delete: (card) => send([{ item_id: card.dataset.item, field: "delete", seen: contentOf(card) }]),
  join: (card) => {
    const all = allCards();
    const next = all[all.indexOf(card) + 1];
    if (!next) return tell(text("last"));
    const own = next.dataset.item.slice(next.dataset.item.indexOf("#"));
    return send([{ item_id: card.dataset.item, field: "join", value: own, seen: contentOf(card) }]);
  },
  split: (card) => {
    const at = selectedStretch(source);
    if (!at) return tell(text("place"), true);
    return send([{ item_id: card.dataset.item, field: "split", value: String(at.start), seen: contentOf(card) }]);
  },
  undo: (card, button) =>
    send(withSeen([{ item_id: card.dataset.item, field: button.dataset.undo, is_undo: true }], card)),
  add: () => {
    const at = selectedStretch(source);
    if (!at || at.start >= at.end) return tell(text("select"), true);
    return send([{ item_id: noticeId, field: "add", value: `${at.start}-${at.end}`, seen: root.dataset.sha }]);
  },
  "undo-edit": (_, button) => send([{ item_id: button.dataset.item, field: button.dataset.kind, is_undo: true }]),
  help: () => document.getElementById("help").showModal(),
};

// Take back what was changed last on this page.
async function undoLast() {
  const last = done.pop();
  if (!last) return tell(text("nothing"));
  if (last[0].field !== "add") return send(last, "", null, true);
  const buttons = [...document.querySelectorAll('#edits [data-kind="add"]')];
  return buttons.find((one) => one.dataset.item === last[0].item_id)?.click();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button?.dataset.jump) return jump(Number(button.dataset.jump));
  const act = acts[button?.dataset.do];
  if (act) return act(button.closest(".item"), button);
  const value = event.target.closest("[role=button]");
  if (value) linking.light(value, true);
  const card = event.target.closest(".item");
  if (card && card !== current && !event.target.closest("form")) goTo(card, false);
});

cards.addEventListener("focusin", (event) => {
  const card = event.target.closest(".item");
  if (card && card !== current && !event.target.closest("form")) {
    current?.classList.remove("current");
    current = card;
    card.classList.add("current");
  }
});

const keys = { r: "right", e: "edit", x: "delete", m: "join", t: "split" };
document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const key = event.key.toLowerCase();
  if (key === "n" || key === "p") jump(key === "n" ? 1 : -1);
  else if (key === "j" || key === "k") step(key === "j" ? 1 : -1);
  else if (key === "?") acts.help();
  else if (!mayWrite) return;
  else if (key === "u") undoLast();
  else if (key === "a") acts.add();
  else if (keys[key] && current) acts[keys[key]](current);
  else return;
  event.preventDefault();
});

if (mayWrite) {
  for (const itemId of listDrafts(noticeId)) {
    const card = find(cards, "item", itemId);
    if (card) {
      openForm(card, send, () => card.focus());
      tell(text("draft"));
    }
  }
}
showCounts();
// An address names a card by its place on the page, or an item by its id.
const named = decodeURIComponent(location.hash.slice(1));
const meant = named && (document.getElementById(named) ?? document.querySelector(`[data-item="${CSS.escape(named)}"]`));
if (meant) goTo(meant.closest(".item"), false);
setTimeout(look, LOOK_EVERY);
