// The queue: one doubtful item at a time, the next ones there beforehand; what was decided is sent behind.

import { dropDraft, listDrafts } from "./drafts.js";
import { openForm, reverse, showActions, showConflict, withConflicts, withSeen } from "./editing.js";
import { keepHere, readHere } from "./kept_here.js";
import { ask, bindName, find, findAll, isTyping, needsName, tell, tellWaiting, text } from "./net.js";

const root = document.getElementById("queue");
const items = document.getElementById("items");
const left = document.getElementById("left");
const failed = document.getElementById("failed");
const mayWrite = "writing" in root.dataset;
const name = bindName();
const filter = new URLSearchParams(location.search);
const UNSENT = "fengong:unsent";
const FEW = 2;
const FINAL = [404, 409, 413, 422];
let following = root.dataset.following;
let fetching = false;
// Whether the latest question for more was not answered: the next key asks again.
let failing = false;
const shown = new Set([...items.children].map((one) => one.dataset.item));
let count = Number(root.dataset.left);
let checked = 0;
const began = Date.now();
const before = [];
const turns = new Map();

function current() {
  return items.firstElementChild;
}

function show() {
  document.getElementById("finished").hidden = current() !== null || Boolean(following);
  left.textContent = count;
  if (checked) {
    const seconds = Math.round((Date.now() - began) / 1000);
    document.getElementById("pace").textContent = `· ${checked} / ${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  }
  for (const [n, one] of [...items.children].entries()) one.hidden = n > 0;
  const card = current()?.querySelector(".item");
  if (!card) return;
  showActions(card, true);
  card.focus({ preventScroll: true });
  centre(current().querySelector(".of-item"));
  fill();
}

function centre(mark) {
  const box = mark?.closest(".source");
  if (box) box.scrollTop = mark.offsetTop - box.offsetTop - box.clientHeight / 4;
}

async function fill() {
  if (fetching || failing || !following || items.childElementCount > FEW) return;
  fetching = true;
  try {
    filter.set("after", following);
    const said = await ask(`/queue/next?${filter}`);
    following = said.following ?? "";
    const wasEmpty = current() === null;
    for (const html of said.items) {
      const made = new DOMParser().parseFromString(html, "text/html").body.firstElementChild;
      made.hidden = !wasEmpty;
      // An item whose notice was written meanwhile comes a second time.
      if (!shown.has(made.dataset.item)) items.append(made);
      shown.add(made.dataset.item);
    }
    if (wasEmpty) show();
  } catch (error) {
    failing = true;
    tell(error.message, true);
  } finally {
    fetching = false;
  }
  fill();
}

// Go on to the next item; where `changes` were decided on this one, and are `sent`, it counts as checked.
function goOn(changes = [], sent = null) {
  const one = current();
  if (!one) return;
  const isDone = changes.length > 0;
  const who = root.dataset.user || name();
  const backwards = reverse(changes, one).map((change) => ({ ...change, seen_who: who }));
  before.push({ one, isDone, sent, backwards });
  one.remove();
  if (isDone) {
    count = Math.max(0, count - 1);
    checked += 1;
  }
  failing = false;
  show();
  fill();
}

function readUnsent() {
  return readHere(UNSENT) ?? [];
}

function keepUnsent(list) {
  keepHere(UNSENT, JSON.stringify(list));
}

// What is decided on an item, taken back and decided again reaches the desk in this order.
function inTurn(itemId, work) {
  const turn = (turns.get(itemId) ?? Promise.resolve()).then(work);
  turns.set(itemId, turn.catch(() => {}));
  return turn;
}

// Keep in this browser what was decided, until the desk has it.
function hold(noticeId, changes, why) {
  const one = { key: `${Date.now()}-${Math.random()}`, noticeId, body: { changes, who: name(), why } };
  keepUnsent([...readUnsent(), one]);
  return one;
}

// Send what was decided; `sent` is told by which key it is kept and what the desk says, also when it is tried again.
function send(noticeId, changes, why = "", sent = {}) {
  const one = hold(noticeId, changes, why);
  sent.key = one.key;
  deliverInTurn(one, sent);
  return sent;
}

function deliverInTurn(one, sent = {}) {
  sent.said = inTurn(one.body.changes[0].item_id, () => deliver(one, sent));
}

function forget(key) {
  keepUnsent(readUnsent().filter((other) => other.key !== key));
}

async function deliver(one, sent) {
  try {
    const address = `/notices/${encodeURIComponent(one.noticeId)}`;
    const saving = ask(`${address}/changes`, one.body);
    tellWaiting(address, saving);
    const said = await saving;
    forget(one.key);
    for (const change of one.body.changes) dropDraft(change.item_id);
    return said;
  } catch (error) {
    // What the desk refused for good; anything else, such as a desk that is being started again, is tried again.
    if (FINAL.includes(error.status)) forget(one.key);
    report(one, error, sent);
    return null;
  }
}

function report(one, error, sent) {
  const conflicts = error.said?.conflicts;
  const box = document.createElement("div");
  sent.box = box;
  const link = document.createElement("a");
  link.href = `/notices/${encodeURIComponent(one.noticeId)}`;
  link.textContent = one.body.changes[0].item_id;
  failed.append(box);
  if (conflicts) {
    const again = () => {
      box.remove();
      send(one.noticeId, withConflicts(one.body.changes, conflicts), one.body.why, sent);
    };
    const card = before.findLast((last) => last.one.dataset.item === one.body.changes[0].item_id)?.one;
    showConflict(box, conflicts, again, () => box.remove(), card);
  } else {
    box.className = "conflict";
    box.setAttribute("role", "alert");
    const words = document.createElement("p");
    words.textContent = error.message;
    const again = document.createElement("button");
    again.type = "button";
    again.textContent = text("again");
    again.addEventListener("click", () => {
      box.remove();
      deliverInTurn(one, sent);
    });
    box.append(words, again, " ");
  }
  box.append(link);
}

// What the person saw: whoever finds an item right has seen all its values.
function seenIn(one, field) {
  return field === "reviewed" ? one.querySelector(".item").dataset.seen : find(one, "field", "content").dataset.text;
}

function decide(field) {
  const one = current();
  if (!one || needsName(name)) return;
  const { item, notice } = one.dataset;
  const changes = [{ item_id: item, field, seen: seenIn(one, field) }];
  const sent = send(notice, changes);
  tell("");
  goOn(changes, sent);
}

function edit() {
  const one = current();
  const card = one?.querySelector(".item");
  if (!card) return;
  const form = openForm(
    card,
    (changes, why) => {
      if (needsName(name)) return;
      const all = [...changes, { item_id: one.dataset.item, field: "reviewed", seen: seenIn(one, "reviewed") }];
      const sent = send(one.dataset.notice, all, why);
      form.remove();
      goOn(all, sent);
    },
    () => card.focus(),
  );
  form.elements.title.focus();
}

// Back to the item before; what was decided on it is taken back, where the desk has it.
function goBack() {
  const last = before.pop();
  if (!last) return tell(text("nothing"));
  items.prepend(last.one);
  if (last.isDone) {
    count += 1;
    checked -= 1;
    takeBack(last);
  }
  show();
}

function takeBack({ one, sent, backwards }) {
  const { item, notice } = one.dataset;
  const saying = sent.said;
  return inTurn(item, async () => {
    const said = await saying;
    if (!said) {
      sent.box?.remove();
      return forget(sent.key);
    }
    const html = said.cards?.[item];
    const card = html && new DOMParser().parseFromString(html, "text/html").querySelector(".item");
    await deliver(hold(notice, withSeen(backwards, card), ""), {});
  });
}

const acts = { right: () => decide("reviewed"), edit, skip: () => goOn(), delete: () => decide("delete") };
const keys = { r: "right", e: "edit", s: "skip", x: "delete" };

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const key = event.key.toLowerCase();
  if (key === "u" && mayWrite) goBack();
  else if (keys[key] && (mayWrite || key === "s")) acts[keys[key]]();
  else return;
  event.preventDefault();
});
document.addEventListener("click", (event) => {
  const act = acts[event.target.closest("button")?.dataset.do];
  if (act) act();
});
for (const kind of ["mouseover", "focusin"]) {
  items.addEventListener(kind, (event) => {
    for (const one of items.querySelectorAll(".on")) one.classList.remove("on");
    const { v, problem } = event.target.closest("[data-v], [data-problem]")?.dataset ?? {};
    const words = v !== undefined ? findAll(current(), "v", v) : problem !== undefined ? findAll(current(), "p", problem) : [];
    for (const one of words) one.classList.add("on");
  });
}
addEventListener("beforeunload", (event) => {
  if (readUnsent().length) event.preventDefault();
});

for (const one of readUnsent()) deliverInTurn(one);
show();
const draft = current() && listDrafts(current().dataset.notice).includes(current().dataset.item);
if (draft && mayWrite) edit();
