/**
 * What to say about a key that tries to say where requests go or what secret they carry; null for any other key. Both
 * are the operator's word, never a config's: a config or spec from elsewhere could send the token to another host.
 */
export function environmentKeyHint(key: string): { message: string; suggestion: string } | null {
  const plain = key.toLowerCase().replace(/[-_]/g, "");
  const word = ` ${plain} `;
  const variable = addressKeys.includes(word)
    ? "GITHUB_API_URL"
    : secretKeys.includes(word)
      ? "GITHUB_TOKEN"
      : null;
  if (variable === null) return null;
  const what = variable === "GITHUB_API_URL" ? "where requests go" : "the token";
  return {
    message: `${JSON.stringify(key)} is not accepted: ${what} is said by the environment, never by a config; set ${variable}`,
    suggestion: variable,
  };
}

const addressKeys =
  " baseurl apiurl graphqlurl url host hostname endpoint origin server proxy githubapiurl githubgraphqlurl ";
const secretKeys =
  " token githubtoken ghtoken accesstoken apitoken apikey auth authorization password secret credentials headers ";
