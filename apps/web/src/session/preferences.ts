import { effect, type Signal, signal } from "@preact/signals";

/** The ways to see the console. */
export const themes = ["system", "light", "dark"] as const;

/** One of {@link themes}. */
export type Theme = (typeof themes)[number];

/** What a person has chosen, on this machine. */
export interface Preferences {
  readonly theme: Signal<Theme>;
  /** Whether single letters do something: off for who dictates (WCAG 2.1.4). */
  readonly shortcuts: Signal<boolean>;
}

/** Reads what was chosen before, shows it, and keeps what is chosen. */
export function createPreferences({ document, localStorage }: Window): Preferences {
  const chosen = localStorage.getItem("cmo.theme");
  const theme = signal<Theme>(themes.find((one) => one === chosen) ?? "system");
  const shortcuts = signal(localStorage.getItem("cmo.shortcuts") !== "off");
  effect(() => {
    document.documentElement.dataset.theme = theme.value;
    localStorage.setItem("cmo.theme", theme.value);
  });
  effect(() => localStorage.setItem("cmo.shortcuts", shortcuts.value ? "on" : "off"));
  return { theme, shortcuts };
}
