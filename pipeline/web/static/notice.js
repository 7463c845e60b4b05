// The page of one notice: keys, corrections, and what other people change meanwhile.

import { Done } from "./done.js";
import { dropDraft, listDrafts, readDraft } from "./drafts.js";
import { openForm, reverse, showActions, showConflict, withConflicts, withSeen } from "./editing.js";
import { Linking, selectedStretch } from "./linking.js";
import { ask, bindName, find, isTyping, needsName, readHash, tell, tellWaiting, text } from "./net.js";
import { follow } from "./news.js";

const root = document.getElementById("notice");
const source = document.getElementById("source");
const cards = document.getElementById("cards");
const noticeId = root.dataset.notice;
const address = `/notices/${encodeURIComponent(noticeId)}`;
const mayWrite = "writing" in root.dataset;
const linking = new Linking(source, cards);
const name = bindName();
const done = new Done(noticeId);
let current = null;
let unsaved = 0;
let heard = "";
// How many of this page's changes the desk has written: a page that was asked for before may not show them.
let written = 0;
let renewing = Promise.resolve();
let isLeftOut = false;

function parse(html) {
  return new DOMParser().parseFromString(html, "text/html");
}

function own() {
  return document.getElementById("own");
}

// The card of an item, or that of the notice itself.
function cardOf(itemId) {
  return itemId === noticeId ? own() : find(cards, "item", itemId);
}

function whoDecides() {
  return root.dataset.user || name();
}

function allCards() {
  return [...cards.querySelectorAll(".item")];
}

function mark(card) {
  if (card === current) return;
  showActions(current, false);
  current = card;
  showActions(card, true);
}

function goTo(card, focuses = true) {
  if (!card) return;
  mark(card);
  if (card !== own()) linking.showItem(card.dataset.i);
  card.scrollIntoView({ block: "nearest" });
  if (focuses) card.focus({ preventScroll: true });
}

function step(by) {
  const all = allCards();
  goTo(all[Math.max(0, Math.min(all.length - 1, (current ? all.indexOf(current) : by > 0 ? -1 : 1) + by))]);
}

// Doubts are cards, and problems that are of no item; both in the order of the source.
function jump(by) {
  const problems = "#own:not(.state-reviewed) :is(.warning, .error)[data-at]";
  const general = [...document.querySelectorAll(problems)];
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
  const doubts = root.querySelectorAll(".item.doubtful").length;
  const counts = document.getElementById("counts");
  counts.dataset.items ??= counts.textContent;
  counts.textContent = `${counts.dataset.items} · ${doubts} ${text("doubts")}`;
}

// Save changes; `place` is the form that they are from. What is taken back by `u` is not taken back again.
async function send(changes, why = "", place = null, isBack = false) {
  if (needsName(name)) return;
  const itemId = changes[0].item_id;
  const who = whoDecides();
  const backwards = reverse(changes, cardOf(itemId)).map((one) => ({ ...one, seen_who: who }));
  const added = listAdded(who);
  tell(text("saving"), true);
  if (!unsaved) heard = "";
  unsaved += 1;
  const saving = ask(`${address}/changes`, { changes, who: name(), why, version: root.dataset.version });
  tellWaiting(address, saving);
  try {
    const said = await saving;
    written += 1;
    if (place) for (const one of changes) dropDraft(one.item_id);
    if (said.is_edit) {
      place?.remove();
      await renew(false);
    } else root.dataset.version = said.version;
    for (const [id, html] of Object.entries(said.cards)) {
      replaceCard(find(cards, "item", id), html);
      reopenDraft(id);
    }
    if (isBack || changes.some((one) => one.is_undo)) done.drop(changes);
    else {
      const isAdded = changes[0].field === "add";
      const madeId = isAdded ? listAdded(who).find((one) => !added.includes(one)) : undefined;
      const made = [{ item_id: madeId, field: "add", is_undo: true, seen_who: who }];
      done.add(who, madeId ? made : withSeen(backwards, cardOf(itemId)));
    }
    if (said.decisions) replacePart(parse(said.decisions), "decisions");
    showCounts();
    tell(text("saved"));
  } catch (error) {
    const conflicts = error.said?.conflicts;
    if (!conflicts) return tell(error.message, true);
    // What somebody else has decided since is not tried again by the next press of the key.
    if (isBack) done.drop(changes);
    tell("");
    const card = cardOf(itemId);
    showConflict(
      place ?? card ?? cards,
      conflicts,
      () => send(withConflicts(changes, conflicts), why, place, isBack),
      () => {
        for (const one of changes) dropDraft(one.item_id);
        place?.remove();
        card?.querySelector(".conflict")?.remove();
        renew(false);
      },
      card,
    );
  } finally {
    unsaved -= 1;
    // What others changed while this was being saved, unless the answer has it.
    catchUp();
  }
}

// The items that a person added, as the page lists them.
function listAdded(who) {
  const lines = document.querySelectorAll(`#decisions [data-kind="add"][data-who="${CSS.escape(who)}"]`);
  return [...lines].map((one) => one.dataset.item);
}

function edit(card) {
  return openForm(card, send, () => {
    card.focus();
    if (isLeftOut) renew(false);
  });
}

// What was being written in a card that was replaced is not lost.
function reopenDraft(itemId) {
  const card = find(cards, "item", itemId);
  if (card && readDraft(itemId)) edit(card);
}

function replaceCard(card, html) {
  const made = parse(html).querySelector(".item");
  if (!card || !made) return;
  const isCurrent = card === current;
  const hadFocus = card.contains(document.activeElement);
  card.replaceWith(made);
  if (isCurrent) {
    mark(made);
    if (hadFocus) made.focus({ preventScroll: true });
  }
}

// A card as the desk renders it.
function htmlOf(card) {
  if (card !== current) return card.outerHTML;
  const copy = card.cloneNode(true);
  showActions(copy, false);
  return copy.outerHTML;
}

// Bring the page up to what the desk has now, one time after the other; a card that is being edited
// stays as it is until its form is closed.
function renew(tells) {
  const next = renewing.then(() => bringUpToDate(tells));
  renewing = next.catch(() => {});
  return next;
}

async function bringUpToDate(tells) {
  let page, before;
  do {
    before = written;
    const html = await fetch(location.pathname, { headers: { accept: "text/html" } })
      .then((answer) => (answer.ok ? answer.text() : null))
      .catch(() => null);
    // The version stays as it was: the next news is a reason to ask again.
    if (html === null) return;
    page = parse(html);
  } while (before !== written);
  const version = page.getElementById("notice").dataset.version;
  if (tells && version === root.dataset.version) return;
  isLeftOut = document.querySelector("form.edit") !== null;
  const focused = document.activeElement;
  const old = new Map(allCards().map((one) => [one.dataset.item, one]));
  const currentId = current?.dataset.item;
  const kept = [...page.querySelectorAll("#cards .item")].map((made) => {
    const before = old.get(made.dataset.item);
    const isSame = before && (before.querySelector("form.edit") || htmlOf(before) === made.outerHTML);
    if (isSame) before.dataset.i = made.dataset.i;
    return isSame ? before : made;
  });
  replaceCards(kept);
  const layout = page.getElementById("source");
  if (layout.dataset.layout !== source.dataset.layout) {
    source.dataset.layout = layout.dataset.layout;
    source.replaceChildren(...layout.childNodes);
  }
  replacePart(page, "about");
  if (!own().querySelector("form.edit")) replacePart(page, "own");
  replacePart(page, "decisions");
  root.dataset.version = version;
  const hasLostFocus = focused !== document.body && document.activeElement === document.body;
  const card = currentId ? cardOf(currentId) : null;
  mark(card);
  // What somebody else has changed moves nobody to another place.
  if (!tells) goTo(card, hasLostFocus);
  else if (hasLostFocus) card?.focus({ preventScroll: true });
  showCounts();
  if (tells) tell(text("renewed"));
}

// Show these cards; those that are shown already are not moved, so that whoever writes in one goes on.
function replaceCards(kept) {
  const wanted = new Set(kept);
  for (const one of [...cards.children]) if (!wanted.has(one)) one.remove();
  let at = cards.firstElementChild;
  for (const one of kept) {
    if (one === at) at = at.nextElementSibling;
    else cards.insertBefore(one, at);
  }
}

// Put a part of the page as it is now in its place; what was folded out stays so.
function replacePart(page, id) {
  const before = document.getElementById(id);
  const made = page.getElementById(id);
  const open = [before, ...before.querySelectorAll("details")].map((one) => one.open);
  for (const [n, one] of [made, ...made.querySelectorAll("details")].entries()) {
    if (one.tagName === "DETAILS" && open[n] !== undefined) one.open = open[n];
  }
  before.replaceWith(made);
}

// Told of the version that the notice has; what this page is saving brings it up to date by itself.
function hear(said) {
  heard = said.version;
  catchUp();
}

function catchUp() {
  if (!unsaved && heard && heard !== root.dataset.version) renew(true);
}

function contentOf(card) {
  return find(card, "field", "content").dataset.text;
}

const acts = {
  right: (card) => {
    // The notice may have been found right with all its items: that is not replaced by less.
    if (card.classList.contains("state-reviewed")) return;
    const value = card === own() ? "own" : "";
    return send([{ item_id: card.dataset.item, field: "reviewed", value, seen: card.dataset.seen, seen_who: "" }]);
  },
  edit: (card) => edit(card).elements.title.focus(),
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
  undo: (card, button) => takeBack(card.dataset.item, button.dataset.undo, button.dataset.who),
  add: () => {
    const at = selectedStretch(source);
    if (!at || at.start >= at.end) return tell(text("select"), true);
    return send([{ item_id: noticeId, field: "add", value: `${at.start}-${at.end}`, seen: root.dataset.sha }]);
  },
  "take-back": (_, button) => {
    const { item, kind, who } = button.closest("li").dataset;
    return takeBack(item, kind, who);
  },
  help: () => document.getElementById("help").showModal(),
};

// Take back one decision, unless it is another one, or somebody else's, by now.
function takeBack(itemId, field, who) {
  const change = { item_id: itemId, field, is_undo: true, ...(who !== undefined && { seen_who: who }) };
  return send(withSeen([change], cardOf(itemId)));
}

// Take back what this person decided last on this notice; what was decided elsewhere is chosen in the list.
function undoLast() {
  if (needsName(name)) return;
  const last = done.last(whoDecides());
  if (last) return send(last.changes, "", null, true);
  const list = document.getElementById("decisions");
  const mine = list.querySelector(`[data-who="${CSS.escape(whoDecides())}"] button`);
  if (!mine) return tell(text("nothing"));
  list.open = true;
  mine.focus();
  tell(text("choose"), true);
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

root.addEventListener("focusin", (event) => {
  const card = event.target.closest(".item");
  if (card && card !== current && !event.target.closest("form")) mark(card);
});

const keys = { r: "right", e: "edit", x: "delete", m: "join", t: "split" };
const OF_NOTICE = ["r", "e"];
document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const key = event.key.toLowerCase();
  if (key === "n" || key === "p") jump(key === "n" ? 1 : -1);
  else if (key === "j" || key === "k") step(key === "j" ? 1 : -1);
  else if (key === "h") goTo(own());
  else if (key === "?") acts.help();
  else if (!mayWrite) return;
  else if (key === "u") undoLast();
  else if (key === "a") acts.add();
  else if (keys[key] && current && (current !== own() || OF_NOTICE.includes(key))) acts[keys[key]](current);
  else return;
  event.preventDefault();
});

if (mayWrite) {
  for (const itemId of listDrafts(noticeId)) {
    const card = cardOf(itemId);
    if (card) {
      edit(card);
      tell(text("draft"));
    }
  }
}
showCounts();
// An address names a card by its place on the page, or an item by its id.
const named = readHash();
const meant = named && (document.getElementById(named) ?? document.querySelector(`[data-item="${CSS.escape(named)}"]`));
if (meant) goTo(meant.closest(".item"), meant === own());
addEventListener("beforeunload", (event) => {
  if (unsaved) event.preventDefault();
});
follow(address, hear);
