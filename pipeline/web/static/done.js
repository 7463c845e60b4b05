// What was decided from this browser on one notice, to be taken back in reverse order, also after a reload.

import { keepDone, readDone } from "./kept_here.js";

const MOST = 50;

function covers(one, change) {
  return one.changes.some((other) => other.item_id === change.item_id && other.field === change.field);
}

export class Done {
  constructor(noticeId) {
    this.noticeId = noticeId;
  }

  read() {
    return readDone(this.noticeId);
  }

  keep(list) {
    keepDone(this.noticeId, list.slice(-MOST));
  }

  // `changes` take back what `who` has just decided.
  add(who, changes) {
    this.keep([...this.read(), { who, changes }]);
  }

  last(who) {
    return this.read().findLast((one) => one.who === who);
  }

  // Forget the latest that takes back one of these changes: it is taken back, or cannot be any more.
  drop(changes) {
    const list = this.read();
    const at = list.findLastIndex((one) => changes.some((change) => covers(one, change)));
    if (at >= 0) this.keep(list.toSpliced(at, 1));
  }
}
