// Search a static copy without a server: the index and the items come in small scripts, as they are needed.

const STEP = 30;
const form = document.getElementById("search");
const words = document.getElementById("words");
const list = document.getElementById("hits");
const count = document.getElementById("count");
const more = document.getElementById("more");
const { items: total, part, shards } = Object.fromEntries(
  Object.entries(form.dataset).map(([name, value]) => [name, Number(value)]),
);
// The same as in the index: characters that have pairs.
const RUN = /[0-9a-z\u3400-\u9fff\u{20000}-\u{3ffff}]+/gu;
const FIRST = 0x3f;
// The same characters as on all pages are shown as what they are: U+202E becomes ⟦202E⟧.
const HIDDEN =
  /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]/gu;
const loading = new Map();
let latest = 0;

function fold(text) {
  return text.normalize("NFKC").toLowerCase().replace(/\s+/g, "");
}

// Load a script of data once; a page from a file may load scripts, and nothing else.
function load(kind, variable, number) {
  const file = `search/${kind}-${number}.js`;
  if (!loading.has(file)) {
    const loaded = new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = file;
      script.onload = () => resolve(window[variable][number]);
      script.onerror = () => {
        loading.delete(file);
        reject(new Error(file));
      };
      document.head.append(script);
    });
    loading.set(file, loaded);
  }
  return loading.get(file);
}

function readNumbers(text) {
  const numbers = [];
  let number = 0;
  let distance = 0;
  let bits = 0;
  for (let at = 0; at < text.length; at += 1) {
    const digit = text.charCodeAt(at) - FIRST;
    distance += (digit & 31) * 2 ** bits;
    bits += 5;
    if (digit > 31) continue;
    number += distance;
    numbers.push(number);
    distance = 0;
    bits = 0;
  }
  return numbers;
}

// The items that have a pair, or for one character any pair that begins with it.
async function itemsWith(pair) {
  const shard = await load("index", "fengongIndex", pair.codePointAt(0) % shards);
  if ([...pair].length > 1) return readNumbers(shard[pair] ?? "");
  const found = new Set();
  for (const [key, numbers] of Object.entries(shard)) {
    if (key.startsWith(pair)) for (const one of readNumbers(numbers)) found.add(one);
  }
  return [...found].sort((a, b) => a - b);
}

// The items that may have all words, in their order; null for all, where the words have no pairs.
async function candidates(sought) {
  const pairs = new Set();
  for (const run of sought.flatMap((word) => word.match(RUN) ?? [])) {
    const letters = [...run];
    if (letters.length === 1) pairs.add(run);
    for (let at = 0; at + 1 < letters.length; at += 1) pairs.add(letters[at] + letters[at + 1]);
  }
  const lists = await Promise.all([...pairs].map(itemsWith));
  if (!lists.length) return null;
  const [shortest, ...others] = lists.sort((a, b) => a.length - b.length);
  const sets = others.map((one) => new Set(one));
  return shortest.filter((one) => sets.every((set) => set.has(one)));
}

function textOf(item) {
  item.folded ??= fold([item.title, item.content, item.names, item.more, item.place, item.year].join("|"));
  return item.folded;
}

// Whether the index alone says which items have the words: nothing is left to be looked at in the texts.
function isCertain(sought) {
  return sought.every((word) => [...word].length < 3 && word.replace(RUN, "") === "");
}

// Yield the items that have all words.
async function* hitsOf(sought, found) {
  for (let n = 0; n < (found?.length ?? total); n += 1) {
    const number = found ? found[n] : n;
    const items = await load("items", "fengongItems", Math.floor(number / part));
    const item = items[number % part];
    if (sought.every((word) => textOf(item).includes(word))) yield item;
  }
}

function sentenceOf(content, sought) {
  const sentences = content.split(/(?<=[。；;！？!?\n])/);
  return sentences.find((one) => sought.some((word) => fold(one).includes(word))) ?? sentences[0];
}

function visible(text) {
  return text.replace(HIDDEN, (one) => `⟦${one.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}⟧`);
}

const brief = (text) => (text.length > 240 ? `${text.slice(0, 240)}…` : text);

// The parts of a sentence that are a sought word are marked, as far as blanks and widths are the same.
function mark(place, sentence, sought) {
  const low = sentence.toLowerCase();
  let at = 0;
  while (at < sentence.length) {
    const found = sought.map((word) => [low.indexOf(word, at), word.length]).filter(([start]) => start >= 0);
    if (!found.length) break;
    const [start, size] = found.sort((a, b) => a[0] - b[0] || b[1] - a[1])[0];
    const hit = document.createElement("mark");
    hit.textContent = sentence.slice(start, start + size);
    place.append(sentence.slice(at, start), hit);
    at = start + size;
  }
  place.append(sentence.slice(at));
}

function makeLine(one, sought) {
  const line = document.createElement("li");
  line.className = "hit";
  const head = document.createElement("h3");
  const link = document.createElement("a");
  link.href = one.address;
  link.textContent = visible(brief(one.title));
  head.append(link);
  const sentence = document.createElement("p");
  sentence.className = "sentence";
  mark(sentence, visible(brief(sentenceOf(one.content, sought))), sought);
  const about = document.createElement("p");
  about.className = "small soft about";
  about.textContent = visible([one.place, one.year, one.names.replaceAll("\n", " ")].filter(Boolean).join("  "));
  line.append(head, sentence, about);
  return line;
}

function tell(name, number) {
  count.textContent = count.dataset[name].replace("0", String(number));
}

// Show the next hits; `search` is null once a newer one has begun.
async function showMore(search) {
  more.hidden = true;
  const lines = [];
  let isOver = false;
  while (lines.length < STEP && !isOver) {
    const next = await search.hits.next();
    if (search.number !== latest) return;
    isOver = Boolean(next.done);
    if (!isOver) lines.push(makeLine(next.value, search.sought));
  }
  if (search.shown === 0) list.replaceChildren();
  list.append(...lines);
  search.shown += lines.length;
  const isKnown = isOver || isCertain(search.sought);
  tell(isKnown ? "text" : "most", isOver ? search.shown : search.most);
  more.hidden = isOver || search.shown >= search.most;
  more.onclick = () => run(() => showMore(search));
}

async function show() {
  latest += 1;
  const number = latest;
  const sought = words.value.split(/\s+/).map(fold).filter(Boolean);
  const found = await candidates(sought);
  if (number !== latest) return;
  await showMore({ number, sought, hits: hitsOf(sought, found), most: found?.length ?? total, shown: 0 });
}

// A script that cannot be loaded is told, not passed over: the copy is not whole.
function run(act) {
  act().catch((error) => {
    count.textContent = `${count.dataset.fault} ${error.message}`;
  });
}

function readHash() {
  const written = location.hash.slice(1);
  try {
    return decodeURIComponent(written);
  } catch {
    return written;
  }
}

let waiting = 0;
form.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(waiting);
  location.hash = encodeURIComponent(words.value);
  run(show);
});
words.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => run(show), 150);
});
words.value = readHash();
run(show);
