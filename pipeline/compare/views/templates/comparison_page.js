(function () {
  "use strict";
  const form = document.querySelector("form");
  const cards = Array.from(document.querySelectorAll("article"));
  const output = document.querySelector("output");

  function isShown(card, kinds, words) {
    const { kind, units, fields } = card.dataset;
    const unit = form.unit.value;
    const field = form.field.value;
    return (
      kinds.includes(kind) &&
      (!unit || units.split("|").includes(unit)) &&
      (!field || fields.split(" ").includes(field)) &&
      (!words || card.textContent.includes(words))
    );
  }

  function applyFilters() {
    const checked = form.querySelectorAll(".kind input:checked");
    const kinds = Array.from(checked, (box) => box.value);
    const words = form.words.value.trim();
    for (const card of cards) {
      card.hidden = !isShown(card, kinds, words);
    }
    const count = cards.filter((card) => !card.hidden).length;
    output.textContent = `显示 ${count} / ${cards.length} 组`;
  }

  form.addEventListener("input", applyFilters);
  form.addEventListener("submit", (event) => event.preventDefault());
  // The fields have their first values again only after the event.
  form.addEventListener("reset", () => setTimeout(applyFilters, 0));
  applyFilters();
})();
