/** The config that `cmo init` writes: it runs at once, offline, and says what to change. */
export const starterConfig = `# A campaign of cmo: whom to look for, and how many. Try it as it is: it runs offline, in an imaginary world.
#   cmo validate --config FILE    what is wrong with it, and what it comes to
#   cmo run --config FILE --dry-run    what it would take
version: 1

# What makes two runs the same campaign.
name: first-campaign

params:
  language: TypeScript
  # min..max, or >=min
  stars_range: 200..20000
  # How recently somebody must have committed.
  activity_days: 90
  # How many people who may be contacted.
  target_leads: 25

default_icp:
  # A repository carries one of these; leave the list empty for any.
  topics: []
  # A repository that carries one of these is left out.
  exclude_topics: []

goal_template: Find {{ target_leads }} maintainers of {{ language }} projects with {{ stars_range }} stars

# simulator: an imaginary GitHub in this process. github: the real one; it needs GITHUB_TOKEN.
source:
  type: simulator
  latency_ms: 40

# Why these people's data is looked at, and on what basis; both are kept in the summary.
purpose: null
basis: null

# Whom to leave out: logins, id:NODE_ID, addresses, @domains; or the name of a file with one a line.
suppress: []
`;
