// What is written and not saved yet is kept in this browser, so that leaving the page loses nothing.

import { keepHere, readHere } from "./kept_here.js";

const PREFIX = "fengong:draft:";

export function keepDraft(itemId, draft) {
  keepHere(PREFIX + itemId, JSON.stringify(draft));
}

export function dropDraft(itemId) {
  localStorage.removeItem(PREFIX + itemId);
}

export function readDraft(itemId) {
  return readHere(PREFIX + itemId);
}

export function listDrafts(noticeId) {
  return Object.keys(localStorage)
    .filter((key) => key === PREFIX + noticeId || key.startsWith(`${PREFIX}${noticeId}#`))
    .map((key) => key.slice(PREFIX.length));
}
