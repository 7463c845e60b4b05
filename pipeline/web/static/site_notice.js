// The page of a notice in a static copy: marks, and jumps from doubt to doubt with n and p.

import { Linking } from "./linking.js";
import { isTyping } from "./net.js";

const cards = document.getElementById("cards");
const linking = new Linking(document.getElementById("source"), cards);
let current = null;

function jump(by) {
  const stops = [...cards.querySelectorAll(".doubtful")];
  if (!stops.length) return;
  const at = stops.indexOf(current);
  current = stops[at < 0 ? (by > 0 ? 0 : stops.length - 1) : (at + by + stops.length) % stops.length];
  linking.showItem(current.dataset.i);
  current.scrollIntoView({ block: "nearest" });
  current.focus({ preventScroll: true });
}

document.addEventListener("keydown", (event) => {
  if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "n") jump(1);
  if (event.key === "p") jump(-1);
});
for (const one of document.querySelectorAll("[data-jump]")) {
  one.addEventListener("click", () => jump(Number(one.dataset.jump)));
}
