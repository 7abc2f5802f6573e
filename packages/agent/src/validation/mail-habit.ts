import type { EmailAddress } from "./email-address.ts";

/**
 * Whether nobody reads what is sent there: a mailbox that says so, or a host that does, as `users.noreply.github.com`
 * (with and without the account's number), an Enterprise Server's `users.noreply.<host>` and those of other forges.
 */
export function isNoreply({ localPart, domain }: EmailAddress): boolean {
  return domain.split(".").some((label) => /^no-?reply$/.test(label)) || noreplyMailbox.test(localPart);
}

/** Whether an address belongs to a function and not to a person (RFC 2142, and what projects use). */
export function isRoleAddress({ localPart }: EmailAddress): boolean {
  return roles.has(localPart.split("+")[0] ?? localPart);
}

/** Whether an address is at a provider that gives them to anybody: it says nothing of where somebody works. */
export function isFreeAddress({ domain }: EmailAddress): boolean {
  return (
    freeProviders.has(domain) ||
    /^(?:yahoo|ymail|hotmail|outlook|live|gmx|yandex)\.(?:[a-z]{2,3}|co\.[a-z]{2}|com\.[a-z]{2})$/.test(
      domain,
    )
  );
}

const noreplyMailbox = /(?:^|[+._-])(?:do[._-]?not|no)[._-]?reply\d*(?:$|[+._-])/;

const roles: ReadonlySet<string> = new Set([
  "abuse",
  "accounts",
  "admin",
  "administrator",
  "billing",
  "business",
  "careers",
  "community",
  "contact",
  "dev",
  "developers",
  "dns",
  "ftp",
  "hello",
  "help",
  "hi",
  "hostmaster",
  "hr",
  "info",
  "jobs",
  "legal",
  "mail",
  "maintainers",
  "marketing",
  "media",
  "news",
  "office",
  "opensource",
  "postmaster",
  "press",
  "privacy",
  "sales",
  "security",
  "support",
  "sysadmin",
  "team",
  "webmaster",
  "work",
  "www",
]);

const freeProviders: ReadonlySet<string> = new Set([
  "163.com",
  "126.com",
  "aol.com",
  "disroot.org",
  "duck.com",
  "fastmail.com",
  "fastmail.fm",
  "foxmail.com",
  "free.fr",
  "gmail.com",
  "googlemail.com",
  "hey.com",
  "icloud.com",
  "inbox.ru",
  "keemail.me",
  "laposte.net",
  "libero.it",
  "mac.com",
  "mail.com",
  "mail.ru",
  "mailbox.org",
  "me.com",
  "msn.com",
  "naver.com",
  "orange.fr",
  "pm.me",
  "posteo.de",
  "posteo.net",
  "proton.me",
  "protonmail.ch",
  "protonmail.com",
  "qq.com",
  "rambler.ru",
  "riseup.net",
  "rocketmail.com",
  "seznam.cz",
  "tuta.io",
  "tutanota.com",
  "t-online.de",
  "vivaldi.net",
  "web.de",
  "wp.pl",
  "ya.ru",
  "zoho.com",
  // The providers of the simulator's world, so that a demonstration shows the signal.
  "quickpost.example",
  "mailbox.example",
  "fastletter.example",
  "pigeon.example",
]);
