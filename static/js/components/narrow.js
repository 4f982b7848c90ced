// A choice grouped by another one: choosing a unit leaves only its own groups in the list of sites and accounts.
export default function narrow(form) {
  const source = form.querySelector("[data-narrow-source]");
  const target = form.querySelector("[data-narrow-target]");
  if (!source || !target) return;
  const groups = [...target.querySelectorAll("optgroup")];

  const show = () => {
    const name = source.value ? source.selectedOptions[0].text : "";
    for (const group of groups) {
      const own = !name || group.label === name || group.label.startsWith(`${name} / `);
      group.hidden = group.disabled = !own;
    }
    if (target.selectedOptions[0]?.closest("optgroup")?.disabled) target.value = "";
  };
  source.addEventListener("change", show);
  show();
}
