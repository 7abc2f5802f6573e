import type { PersonIdentity } from "@cmo/engine";

/** Whether an account is one of the person's, by its id or by any login that they are known by. */
export function isOf(
  { ids, logins }: PersonIdentity,
  account: { readonly id: string; readonly login: string },
): boolean {
  return ids.includes(account.id) || isLoginOf({ logins }, account.login);
}

/** Whether a login is one of the person's. */
export function isLoginOf({ logins }: Pick<PersonIdentity, "logins">, login: string): boolean {
  return logins.includes(login.toLowerCase());
}
