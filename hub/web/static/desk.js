// Parts refresh themselves; never under somebody's hands, and never silently stale.
(() => {
  const stale = document.getElementById("stale");
  const held = document.getElementById("held");

  const inUse = (part) =>
    part.querySelector("details[open]") !== null ||
    part.querySelector("input:focus, textarea:focus, select:focus") !== null ||
    [...part.querySelectorAll("input:not([type=hidden]), textarea")].some(
      (field) => field.value !== field.defaultValue,
    );

  document.addEventListener("htmx:before:request", (event) => {
    if (document.hidden || inUse(event.target)) event.preventDefault();
    held.hidden = ![...document.querySelectorAll("[hx-trigger]")].some(inUse);
  });
  document.addEventListener("htmx:after:request", (event) => {
    const answer = event.detail.ctx.response;
    if (answer.status === 401) window.location.reload();
    stale.hidden = answer.status === 200;
  });
  document.addEventListener("htmx:error", () => {
    stale.hidden = false;
  });
})();

// Copying into another form: one text, or all of them with their labels.
(() => {
  const copied = document.getElementById("copied");

  // navigator.clipboard is only there on https and on this machine itself.
  const selected = (text) => {
    const field = document.createElement("textarea");
    field.value = text;
    field.className = "offscreen";
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  };
  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return selected(text);
    }
  };
  const say = (button, done) => {
    const word = button.dataset.word ?? button.textContent;
    button.dataset.word = word;
    button.textContent = done ? "Disalin" : "Gagal";
    button.classList.toggle("copied", done);
    copied.textContent = done
      ? `${button.getAttribute("aria-label")?.replace("Salin ", "") ?? "Semuanya"}: disalin.`
      : "Peramban menolak menyalin; pilih teksnya, lalu tekan Ctrl+C.";
    setTimeout(() => {
      button.textContent = word;
      button.classList.remove("copied");
    }, 2500);
  };

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy], [data-copy-all]");
    if (button === null) return;
    const one = document.getElementById(button.dataset.copy ?? "");
    const text = one
      ? one.value
      : [...document.getElementById(button.dataset.copyAll).querySelectorAll("[data-name]")]
          .map((field) => `${field.dataset.label}:\n${field.value}`)
          .join("\n\n");
    const focused = document.activeElement;
    say(button, await copy(text));
    focused?.focus({ preventScroll: true });
  });

  // autofocus would scroll past the texts that are to be copied first.
  document.querySelector("[data-focus]")?.focus({ preventScroll: true });
})();
