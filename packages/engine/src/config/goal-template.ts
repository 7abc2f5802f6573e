/** A piece of a template: text as it stands, or the name of a variable. */
export type TemplatePart = { text: string } | { variable: string };

/** Every variable that a goal template may name. `params.language` is the same as `language`. */
export const goalVariables = [
  "name",
  "language",
  "languages",
  "topics",
  "exclude_topics",
  "stars_range",
  "activity_days",
  "pushed_since",
  "target_leads",
  "budget_per_day",
  "source",
  "purpose",
  "basis",
  "as_of",
] as const;
/** One of {@link goalVariables}. */
export type GoalVariable = (typeof goalVariables)[number];

/** Splits a template at its `{{ name }}` places. A `{{` that is never closed is a variable that nobody knows. */
export function splitTemplate(template: string): TemplatePart[] {
  const parts: TemplatePart[] = [];
  let from = 0;
  while (from < template.length) {
    const open = template.indexOf("{{", from);
    if (open < 0) break;
    if (open > from) parts.push({ text: template.slice(from, open) });
    const close = template.indexOf("}}", open);
    const inside = close < 0 ? template.slice(open) : template.slice(open + 2, close);
    parts.push({ variable: inside.trim().replace(/^params\./, "") });
    from = close < 0 ? template.length : close + 2;
  }
  if (from < template.length) parts.push({ text: template.slice(from) });
  return parts;
}

/** The text with every variable in its place. Variables that are not in `values` stay out. */
export function renderTemplate(template: string, values: Readonly<Record<GoalVariable, string>>): string {
  return splitTemplate(template)
    .map((part) => ("text" in part ? part.text : isGoalVariable(part.variable) ? values[part.variable] : ""))
    .join("")
    .trim();
}

/** Whether a template may name this variable. */
export function isGoalVariable(name: string): name is GoalVariable {
  return goalVariables.some((known) => known === name);
}
