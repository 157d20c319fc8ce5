/** A form that names another one by `data-with` takes the fields of that along: what was chosen there goes with it. */

export function takeAlong(): void {
  document.addEventListener("formdata", ({ target, formData }) => {
    const form = target as HTMLFormElement;
    const other = document.getElementById(form.dataset.with ?? "");
    if (!(other instanceof HTMLFormElement)) return;
    for (const [name, value] of new FormData(other)) if (!formData.has(name)) formData.append(name, value);
  });
}
