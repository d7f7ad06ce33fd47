// One key for every decision; never while somebody types, and never twice.
(() => {
  let busy = false;

  const typing = (target) =>
    target.closest("input, textarea, select, [contenteditable]") !== null;

  const wanted = (key) =>
    [...document.querySelectorAll("[data-key]")].find((each) =>
      each.dataset.key.split(" ").some((one) => one.toLowerCase() === key.toLowerCase()),
    );

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (!(event.target instanceof Element) || typing(event.target)) return;
    const found = wanted(event.key);
    if (found === undefined) return;
    event.preventDefault();
    if (busy) return;
    found.focus({ preventScroll: true });
    found.click();
  });
  document.addEventListener("submit", (event) => {
    if (busy) event.preventDefault();
    busy = true;
  });
  // A page that comes back from the browser's memory can be decided again.
  window.addEventListener("pageshow", () => {
    busy = false;
  });
})();
