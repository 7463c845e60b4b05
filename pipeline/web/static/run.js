// Follow a run by its server-sent events; at its end the page shows what it gave.

const root = document.getElementById("run");
if (root) {
  const step = document.getElementById("step");
  const progress = document.getElementById("progress");
  const steps = new EventSource(root.dataset.steps);
  steps.onmessage = (event) => {
    const said = JSON.parse(event.data);
    if (said.step === "done" || said.step === "failed") {
      steps.close();
      location.reload();
      return;
    }
    step.textContent = step.dataset[said.step] ?? "";
    document.getElementById("file").textContent = said.file ?? "";
    if (said.of) {
      progress.max = said.of;
      progress.value = said.done;
    }
  };
}
