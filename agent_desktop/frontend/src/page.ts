// Finding things in the page.

/** The element with this id, or null. */
export function byId<Kind extends HTMLElement>(id: string): Kind | null {
  return document.getElementById(id) as Kind | null;
}

/** Every element that matches. */
export function all<Kind extends Element = HTMLElement>(selector: string, within: ParentNode = document): Kind[] {
  return [...within.querySelectorAll<Kind>(selector)];
}

/** The element at or above `target` that matches. */
export function above(target: EventTarget | null, selector: string): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>(selector) : null;
}

/** Wait until what was just changed has been painted. A hidden tab paints nothing, so it waits no longer than `mostMs`. */
export function painted(mostMs = 100): Promise<void> {
  return new Promise((resolve) => {
    const late = window.setTimeout(resolve, mostMs);
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        window.clearTimeout(late);
        resolve();
      }),
    );
  });
}

/** Whether keys pressed there are meant for a field, and not for the page. */
export function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable=true]") !== null;
}

/** Scroll this box, and nothing else, so that what is inside is seen. */
export function bringIntoView(box: HTMLElement | null, inside: Element): void {
  if (!box) return;
  const [inner, outer] = [inside.getBoundingClientRect(), box.getBoundingClientRect()];
  if (inner.left < outer.left || inner.right > outer.right) box.scrollLeft += inner.left - outer.left - 40;
  if (inner.top < outer.top || inner.bottom > outer.bottom) box.scrollTop += inner.top - outer.top - 24;
}
