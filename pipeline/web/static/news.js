// Be told when a notice that is open changes: by a stream of events, or by asking where there is none.

import { ask } from "./net.js";

const LOOK_EVERY = 4000;

// Call `hear` with what the desk says of a notice. A page that is not seen holds no stream: a browser
// allows few at a time.
export function follow(address, hear) {
  let stream = null;
  let asking = 0;

  async function look() {
    if (document.visibilityState === "visible") {
      try {
        hear(await ask(`${address}/version`));
      } catch {
        // Whoever saves is told that the desk cannot be reached; looking is tried again.
      }
    }
    asking = setTimeout(look, LOOK_EVERY);
  }

  function open() {
    if (document.visibilityState !== "visible") {
      stream?.close();
      stream = null;
    } else if (!stream && !asking) {
      stream = new EventSource(`${address}/news`);
      stream.addEventListener("message", (event) => hear(JSON.parse(event.data)));
      stream.addEventListener("error", () => {
        // A stream that was only cut is opened again by the browser; one that is refused is not.
        if (stream?.readyState !== EventSource.CLOSED) return;
        stream = null;
        if (!asking) asking = setTimeout(look, 0);
      });
    }
  }

  document.addEventListener("visibilitychange", open);
  open();
}
