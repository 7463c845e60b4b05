// Files dropped anywhere on the page go into the form that sends them.

const form = document.getElementById("drop");
if (form) {
  const files = document.getElementById("files");
  document.addEventListener("dragover", (event) => {
    event.preventDefault();
    form.classList.add("over");
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) form.classList.remove("over");
  });
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    form.classList.remove("over");
    if (!event.dataTransfer.files.length) return;
    files.files = event.dataTransfer.files;
    form.requestSubmit();
  });
  form.addEventListener("submit", () => {
    form.querySelector("button").disabled = true;
  });
}
for (const select of document.querySelectorAll(".filters[method=get] select")) {
  select.addEventListener("change", () => select.form.requestSubmit());
}
