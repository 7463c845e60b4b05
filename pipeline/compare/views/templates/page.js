(function () {
  "use strict";
  const form = document.querySelector(".filters form");
  const items = document.getElementById("items");
  const cards = Array.from(document.querySelectorAll("article.card"));
  const output = form.querySelector("output");
  const told = document.querySelectorAll(".told");
  const measure = items.dataset.measure;
  const empty = document.querySelector(".nothing-found");
  const boxes = Array.from(form.querySelectorAll("[name=kinds]"));
  const texts = new Map(cards.map((card) => [card, normalize(card.textContent)]));
  const first = new Map(cards.map((card) => [card, card.querySelector("details").open]));
  const isNarrow = matchMedia("(max-width: 700px)").matches;

  function normalize(text) {
    return text.normalize("NFKC").toLowerCase();
  }

  function valueOf(name) {
    return form[name] ? form[name].value : "";
  }

  function searchedWords() {
    return valueOf("q").split(/[\s\u3000,，、]+/).filter(Boolean);
  }

  function listUnits(card) {
    return card.dataset.units ? card.dataset.units.split("|") : [];
  }

  function isShown(card, kinds, words) {
    const { kind, fields } = card.dataset;
    const unit = valueOf("unit");
    const field = valueOf("field");
    return (
      kinds.includes(kind) &&
      (!unit || listUnits(card).includes(unit)) &&
      (!field || fields.split(" ").includes(field)) &&
      words.every((word) => texts.get(card).includes(normalize(word)))
    );
  }

  /* The filters in words, for the print and for whoever looks at a filtered page. */
  function describeFilters(kinds, words) {
    const parts = [];
    if (kinds.length < boxes.length) {
      const names = boxes
        .filter((box) => box.checked)
        .map((box) => box.parentNode.textContent.trim().replace(/\s*\d+$/, ""));
      parts.push(`类别：${names.join("、") || "无"}`);
    }
    if (valueOf("unit")) {
      parts.push(`单位：${valueOf("unit")}`);
    }
    if (valueOf("field")) {
      const name = form.field.selectedOptions[0].textContent.replace(/（\d+）$/, "");
      parts.push(`变动：${name}`);
    }
    if (words.length) {
      parts.push(`含有：${words.join("、")}`);
    }
    return parts.join("；");
  }

  function applyFilters() {
    const kinds = boxes.filter((box) => box.checked).map((box) => box.value);
    const words = searchedWords();
    const target = findTarget();
    let count = 0;
    for (const card of cards) {
      const shown = isShown(card, kinds, words);
      count += shown ? 1 : 0;
      // A card that the address names is shown whatever the filters are.
      card.hidden = !shown && card !== target;
    }
    for (const group of items.querySelectorAll(".group")) {
      const shown = group.querySelectorAll("article.card:not([hidden])").length;
      group.hidden = !shown;
      group.querySelector("h2 small").textContent = `${shown} ${measure}`;
    }
    for (const link of items.querySelectorAll(".also a")) {
      link.parentNode.hidden = document.getElementById(link.hash.slice(1)).hidden;
    }
    output.textContent = `显示 ${count} / ${cards.length}`;
    const description = describeFilters(kinds, words);
    for (const place of told) {
      place.hidden = !description;
      place.textContent = `筛选结果（${description}）：${count} ${measure}，全部 ${cards.length} ${measure}。`;
    }
    empty.hidden = count > 0;
    return words.length > 0 && count <= 5;
  }

  /* The headings of a grouping with their cards, in the order of the cards' numbers. */
  function groupCards(by) {
    const groups = new Map();
    for (const card of cards) {
      let key = "全部事项";
      if (by === "section") {
        key = card.dataset.section || key;
      } else if (by === "unit") {
        key = listUnits(card)[0] || "未写明单位";
      } else if (by === "kind") {
        key = card.querySelector(".badge").textContent;
      }
      groups.set(key, [...(groups.get(key) || []), card]);
    }
    return groups;
  }

  /* A card stands under its first unit; the others name it. */
  function listOthers(unit) {
    const others = cards.filter((card) => listUnits(card).indexOf(unit) > 0);
    if (!others.length) {
      return null;
    }
    const list = document.createElement("ul");
    list.className = "also";
    for (const card of others) {
      const entry = document.createElement("li");
      const link = document.createElement("a");
      link.href = `#${card.id}`;
      link.textContent = `另见 ${card.dataset.number} ${card.querySelector("h3").textContent}`;
      entry.append(link);
      list.append(entry);
    }
    return list;
  }

  function makeGroup(key, members, n, by) {
    const section = document.createElement("section");
    const heading = document.createElement("h2");
    const count = document.createElement("small");
    section.className = "group";
    heading.id = `g${n}`;
    section.setAttribute("aria-labelledby", heading.id);
    count.textContent = `${members.length} ${measure}`;
    heading.append(`${key} `, count);
    section.append(heading, ...members);
    const others = by === "unit" ? listOthers(key) : null;
    if (others) {
      section.append(others);
    }
    return section;
  }

  function applyGrouping() {
    const by = valueOf("group");
    const groups = Array.from(groupCards(by));
    items.replaceChildren(...groups.map(([key, members], n) => makeGroup(key, members, n + 1, by)));
  }

  function findTarget() {
    const id = decodeURIComponent(location.hash.slice(1));
    return cards.find((card) => card.id === id);
  }

  function readAddress() {
    const query = new URLSearchParams(location.search);
    for (const name of ["unit", "field", "group", "q"]) {
      const value = query.get(name);
      if (form[name] && value !== null) {
        form[name].value = value;
        if (form[name].value !== value) {
          form[name].selectedIndex = 0;
        }
      }
    }
    const kinds = query.get("kinds");
    for (const box of boxes) {
      box.checked = kinds === null || kinds.split(",").includes(box.value);
    }
  }

  function writeAddress() {
    const query = new URLSearchParams();
    const kinds = boxes.filter((box) => box.checked).map((box) => box.value);
    if (kinds.length < boxes.length) {
      query.set("kinds", kinds.join(","));
    }
    for (const name of ["unit", "field", "group", "q"]) {
      const isFirst = form[name] && form[name].options && form[name].selectedIndex === 0;
      if (valueOf(name) && !isFirst) {
        query.set(name, valueOf(name));
      }
    }
    const words = query.toString();
    try {
      history.replaceState(null, "", (words ? `?${words}` : location.pathname) + location.hash);
    } catch (error) {
      // A page inside of another program may have no address; the filters work without one.
    }
  }

  function showTarget() {
    applyFilters();
    const card = findTarget();
    if (card) {
      card.querySelector("details").open = true;
      card.scrollIntoView();
    }
  }

  function fold(open) {
    for (const card of cards) {
      card.querySelector("details").open = open;
    }
  }

  function change(event) {
    if (event && event.target.name === "group") {
      applyGrouping();
    }
    if (applyFilters()) {
      cards.filter((card) => !card.hidden).forEach((card) => (card.querySelector("details").open = true));
    }
    writeAddress();
  }

  let before = [];
  addEventListener("beforeprint", () => {
    const all = Array.from(document.querySelectorAll("main details"));
    before = all.filter((one) => !one.open);
    before.forEach((one) => (one.open = true));
  });
  addEventListener("afterprint", () => before.forEach((one) => (one.open = false)));
  addEventListener("hashchange", showTarget);
  form.addEventListener("input", change);
  form.addEventListener("submit", (event) => event.preventDefault());
  // The fields have their first values again only after the event.
  form.addEventListener("reset", () =>
    setTimeout(() => {
      for (const card of cards) {
        card.querySelector("details").open = first.get(card) && !isNarrow;
      }
      applyGrouping();
      change();
    }, 0),
  );
  for (const button of form.querySelectorAll("[data-fold]")) {
    button.addEventListener("click", () => fold(button.dataset.fold === "open"));
  }

  form.hidden = false;
  readAddress();
  if (isNarrow) {
    fold(false);
  }
  if (form.group.selectedIndex > 0) {
    applyGrouping();
  }
  change();
  showTarget();
})();
