/** The style sheet of the documentation. */
export const docsStyle = `
:root { color-scheme: light dark; --ink: #1c2024; --soft: #60646c; --line: #dcdfe4; --ground: #ffffff; --raised: #f5f6f8; --link: #0b62c4; --get: #0b62c4; --post: #1a7f37; --delete: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e8eb; --soft: #a0a6ae; --line: #343a42; --ground: #14171a; --raised: #1d2125; --link: #77b4ff; --get: #77b4ff; --post: #6fcf8b; --delete: #ff8f85; } }
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body { margin: 0; color: var(--ink); background: var(--ground); font: 16px/1.55 system-ui, sans-serif; }
.page { display: grid; grid-template-columns: 18rem minmax(0, 1fr); max-width: 84rem; margin: 0 auto; }
nav { position: sticky; top: 0; height: 100vh; overflow-y: auto; padding: 1.5rem 1rem 2rem 1.5rem; border-right: 1px solid var(--line); font-size: 0.875rem; }
nav h2 { margin: 1.2rem 0 0.3rem; font-size: 0.75rem; letter-spacing: 0.06em; text-transform: uppercase; color: var(--soft); }
nav ul { list-style: none; margin: 0; padding: 0; }
nav li { margin: 0.15rem 0; }
nav a { display: block; color: inherit; text-decoration: none; padding: 0.1rem 0; }
nav .routes a { display: grid; grid-template-columns: 3.6rem 1fr; align-items: baseline; }
nav a:hover, nav a:focus-visible { text-decoration: underline; }
main { padding: 1.5rem 2.5rem 6rem; min-width: 0; }
h1 { margin: 0; font-size: 1.9rem; }
h1 small { font-size: 0.9rem; font-weight: 400; color: var(--soft); }
main > h2 { margin: 3rem 0 0; padding-top: 1.5rem; border-top: 1px solid var(--line); text-transform: capitalize; }
h3 { margin: 2.5rem 0 0.4rem; font-size: 1.15rem; }
h4 { margin: 1.2rem 0 0.3rem; font-size: 0.8rem; letter-spacing: 0.05em; text-transform: uppercase; color: var(--soft); }
p { margin: 0.4rem 0; max-width: 46rem; }
a { color: var(--link); }
code { font: 0.875em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
pre { margin: 0.4rem 0; padding: 0.7rem 0.9rem; background: var(--raised); border: 1px solid var(--line); border-radius: 6px; overflow-x: auto; }
pre code { overflow-wrap: normal; }
pre.curl code { white-space: pre-wrap; overflow-wrap: anywhere; }
pre.type { max-height: 26rem; overflow: auto; }
pre.type b { font-weight: 600; }
pre.type i { font-style: normal; color: var(--soft); }
.route { margin: 0 0 0.4rem; }
.method { display: inline-block; min-width: 4.2rem; font: 600 0.8rem/1.4 ui-monospace, monospace; }
nav .method { min-width: 3.6rem; font-size: 0.7rem; }
.get { color: var(--get); } .post { color: var(--post); } .delete { color: var(--delete); }
.status { display: inline-block; min-width: 2.6rem; font: 600 0.875rem/1.4 ui-monospace, monospace; }
.header { margin-left: 2.9rem; }
table { border-collapse: collapse; width: 100%; max-width: 60rem; }
th, td { text-align: left; vertical-align: top; padding: 0.4rem 0.8rem 0.4rem 0; border-bottom: 1px solid var(--line); font-weight: 400; }
th { width: 11rem; } th small { display: block; color: var(--soft); }
td .type { display: block; color: var(--soft); }
summary { cursor: pointer; padding: 0.2rem 0; color: var(--soft); }
@media (max-width: 56rem) { .page { display: block; } nav { position: static; height: auto; border-right: 0; border-bottom: 1px solid var(--line); } main { padding: 1rem 1.2rem 4rem; } .header { margin-left: 0; } th { width: 8rem; } }
`;
