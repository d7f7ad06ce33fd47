// A key decides only for the card that has the focus: nothing is decided that nobody looks at.
(() => {
  let busy = false;
  const cards = [...document.querySelectorAll(".conflict")];

  const move = (from, by) => {
    const next = cards[Math.min(Math.max(cards.indexOf(from) + by, 0), cards.length - 1)];
    next?.focus();
    next?.scrollIntoView({ block: "nearest" });
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (!(event.target instanceof Element)) return;
    if (event.target.closest("input, textarea, select") !== null) return;
    const card = event.target.closest(".conflict");
    const key = event.key.toLowerCase();
    if (key === "j" || key === "k") return move(card, key === "j" ? 1 : card === null ? 0 : -1);
    if (!busy) card?.querySelector(`button[data-key="${CSS.escape(key)}"]`)?.click();
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
