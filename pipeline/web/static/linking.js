// Link the words of the source with the values that were read from them, both ways.

import { find, findAll } from "./net.js";

// How far the source and the cards scroll: the middle of their own box, not of the page.
const INTO_SIGHT = { block: "center", inline: "nearest" };

export class Linking {
  constructor(source, cards) {
    this.source = source;
    this.cards = cards;
    this.lit = [];
    this.ofItem = [];
    for (const side of [source, cards, document.getElementById("general")].filter(Boolean)) {
      side.addEventListener("mouseover", (event) => this.light(event.target));
      side.addEventListener("focusin", (event) => this.light(event.target, true));
      side.addEventListener("mouseleave", () => this.dim());
    }
    document.addEventListener("keydown", (event) => {
      if (event.target.getAttribute?.("role") !== "button" || (event.key !== "Enter" && event.key !== " ")) return;
      event.preventDefault();
      event.target.click();
    });
    source.addEventListener("click", (event) => this.follow(event.target));
  }

  dim() {
    for (const one of this.lit) one.classList.remove("on");
    this.lit = [];
  }

  // Mark the words of the value, or of the problem, that the pointer or the focus is on.
  light(target, scrolls = false) {
    const marked = target.closest("[data-v], [data-problem], [data-p]");
    if (!marked) return;
    this.dim();
    const { v, problem, p } = marked.dataset;
    const number = problem ?? (v === undefined ? p : undefined);
    const words = v !== undefined ? findAll(document, "v", v) : findAll(this.source, "p", number);
    this.lit = [...words];
    for (const one of this.lit) one.classList.add("on");
    if (scrolls && !this.source.contains(target)) {
      this.lit.find((one) => this.source.contains(one))?.scrollIntoView(INTO_SIGHT);
    }
  }

  // Go from a word of the source to what was read from it.
  follow(target) {
    if (!getSelection().isCollapsed) return;
    const run = target.closest("[data-s]");
    if (!run) return;
    const { v, p, i } = run.dataset;
    const goal =
      (v !== undefined && find(this.cards, "v", v)) ||
      (p !== undefined && find(document, "problem", p)) ||
      (i !== undefined && document.getElementById(`i${i}`));
    if (!goal) return;
    goal.scrollIntoView(INTO_SIGHT);
    goal.focus({ preventScroll: true });
  }

  // Show where an item is in the source.
  showItem(index) {
    for (const one of this.ofItem) one.classList.remove("of-item");
    this.ofItem = [...findAll(this.source, "i", index)];
    for (const one of this.ofItem) one.classList.add("of-item");
    this.ofItem[0]?.scrollIntoView({ block: "center" });
  }

  showProblem(number) {
    findAll(this.source, "p", number)[0]?.scrollIntoView(INTO_SIGHT);
  }
}

// The offsets in the source of what is selected, in code points as records count; null for nothing.
export function selectedStretch(source) {
  const chosen = getSelection();
  if (!chosen.rangeCount) return null;
  const range = chosen.getRangeAt(0);
  const start = offsetOf(source, range.startContainer, range.startOffset);
  const end = offsetOf(source, range.endContainer, range.endOffset);
  return start === null || end === null ? null : { start, end };
}

function offsetOf(source, node, within) {
  const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : (node.childNodes[within] ?? node);
  const run = (element.nodeType === Node.TEXT_NODE ? element.parentElement : element).closest?.("[data-s]");
  if (!run || !source.contains(run)) return null;
  const before = node.nodeType === Node.TEXT_NODE ? [...node.data.slice(0, within)].length : 0;
  return Number(run.dataset.s) + before;
}
