const field = document.getElementById("szukaj");
const count = document.getElementById("ile");
const rows = [...document.querySelectorAll("[data-words]")];
field.addEventListener("input", () => {
  const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const row of rows) {
    const match = words.every((word) => row.dataset.words.includes(word));
    row.hidden = !match;
    if (match) shown += 1;
  }
  count.textContent = `Pokazano: ${shown} z ${rows.length}`;
});
