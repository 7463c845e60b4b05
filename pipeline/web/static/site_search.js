// Search a static copy without a server: the items come in scripts beside the page.

const MOST = 200;
const form = document.getElementById("search");
const words = document.getElementById("words");
const list = document.getElementById("hits");
const count = document.getElementById("count");
const items = (window.fengongItems ?? []).flat();

function plain(text) {
  return text.normalize("NFKC").toLowerCase().replace(/\s+/g, "");
}

const texts = items.map((one) => plain([one.title, one.content, one.names, one.more].join("\n")));

function sentenceOf(content, sought) {
  const sentences = content.split(/(?<=[。；;！？!?\n])/);
  return sentences.find((one) => sought.some((word) => plain(one).includes(word))) ?? sentences[0];
}

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

function show() {
  const sought = words.value.split(/\s+/).map(plain).filter(Boolean);
  const hits = items.filter((_, n) => sought.every((word) => texts[n].includes(word)));
  count.textContent = count.dataset.text.replace("0", String(hits.length));
  list.replaceChildren(
    ...hits.slice(0, MOST).map((one) => {
      const line = document.createElement("li");
      line.className = "hit";
      const head = document.createElement("h3");
      const link = document.createElement("a");
      link.href = one.address;
      link.textContent = one.title;
      head.append(link);
      const sentence = document.createElement("p");
      sentence.className = "sentence";
      mark(sentence, sentenceOf(one.content, sought), sought);
      const about = document.createElement("p");
      about.className = "small soft about";
      about.textContent = [one.place, one.year, one.names.replaceAll("\n", " ")].filter(Boolean).join("  ");
      line.append(head, sentence, about);
      return line;
    }),
  );
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  location.hash = encodeURIComponent(words.value);
  show();
});
words.addEventListener("input", show);
words.value = decodeURIComponent(location.hash.slice(1));
show();
