// When the button that was pressed goes away, the focus stays in its panel: else a keyboard would begin again at the top.

/** `phase` is what the panel's buttons depend on; call it while the component is made. */
export function keepFocus(panel: () => HTMLElement | undefined, phase: () => unknown): void {
  let inside = false;
  $effect.pre(() => {
    phase();
    inside = panel()?.contains(document.activeElement) ?? false;
  });
  $effect(() => {
    phase();
    const box = panel();
    if (inside && box && !box.contains(document.activeElement)) box.querySelector<HTMLElement>('button:not(:disabled), input, a[href]')?.focus();
  });
}
