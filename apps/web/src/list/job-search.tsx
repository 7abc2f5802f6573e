import type { JSX } from "preact";

/** The field that jobs are searched with. */
export function JobSearch({
  search,
  onSearch,
}: {
  readonly search: string;
  onSearch(search: string): void;
}): JSX.Element {
  return (
    <label class="search">
      <span class="unseen">Search by name, goal or id</span>
      <input
        type="search"
        placeholder="Search by name, goal or id"
        value={search}
        onInput={({ currentTarget }) => onSearch(currentTarget.value)}
      />
    </label>
  );
}
