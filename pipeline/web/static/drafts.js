// What is written and not saved yet is kept in this browser, so that leaving the page loses nothing.

const PREFIX = "fengong:draft:";

export function keepDraft(itemId, draft) {
  localStorage.setItem(PREFIX + itemId, JSON.stringify(draft));
}

export function dropDraft(itemId) {
  localStorage.removeItem(PREFIX + itemId);
}

export function readDraft(itemId) {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + itemId));
  } catch {
    return null;
  }
}

export function listDrafts(noticeId) {
  return Object.keys(localStorage)
    .filter((key) => key === PREFIX + noticeId || key.startsWith(`${PREFIX}${noticeId}#`))
    .map((key) => key.slice(PREFIX.length));
}
