// Judge a name with keys: 1 the same, 2 different, 3 unsure, u undo; n and p go to other names.
import { bindName, isTyping } from "./net.js";

bindName();
const form = document.getElementById("judgement");
const chosen = form.querySelector("input[type=radio]:checked:not(:disabled)");
chosen?.focus({ preventScroll: true });

// A radio button keeps its arrow keys; all other keys are ours unless somebody writes a text.
function isWriting(target) {
  return isTyping(target) && target.type !== "radio";
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target)) return;
  const link = { n: "a[rel=next]", p: "a[rel=prev]" }[event.key];
  if (link) {
    document.querySelector(link)?.click();
    return;
  }
  const button = form.querySelector(`button[data-key="${CSS.escape(event.key)}"]`);
  if (!button) return;
  event.preventDefault();
  form.requestSubmit(button);
});

// Whoever writes the name of another body means that one.
const other = document.getElementById("other");
other?.addEventListener("input", () => {
  form.querySelector('input[type=radio][value="*"]').checked = true;
});
// A second press of a key while the answer is on its way judges nothing twice.
form.addEventListener("submit", () => {
  for (const button of form.querySelectorAll("button")) setTimeout(() => (button.disabled = true));
});
