// What this browser keeps. It has little room: what was decided on other notices makes way for what is new.

const DONE = "fengong:done:";
const ORDER = "fengong:done-order";
const MOST_NOTICES = 100;

export function readHere(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

// Keep a text; where there is no room for it, those of the keys `spare` are forgotten one after the other.
export function keepHere(key, text, spare = null) {
  for (;;) {
    try {
      return localStorage.setItem(key, text);
    } catch {
      spare ??= listDone();
      if (!spare.length) return;
      localStorage.removeItem(spare.shift());
    }
  }
}

// Keep what was decided on a notice, and of the notices before only the latest.
export function keepDone(noticeId, list) {
  const key = DONE + noticeId;
  const others = listDone().filter((one) => one !== key);
  while (others.length >= MOST_NOTICES) localStorage.removeItem(others.shift());
  keepHere(key, JSON.stringify(list), others);
  keepHere(ORDER, JSON.stringify([...others, key]), others);
}

export function readDone(noticeId) {
  return readHere(DONE + noticeId) ?? [];
}

// The keys of what was decided, the notice that was decided on longest ago first.
function listDone() {
  const order = readHere(ORDER) ?? [];
  const keys = Object.keys(localStorage).filter((key) => key.startsWith(DONE));
  return keys.sort((a, b) => order.indexOf(a) - order.indexOf(b));
}
