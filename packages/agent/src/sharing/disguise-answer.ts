import type { StoredValue } from "@cmo/engine";
import { machineAccountReason } from "../extraction/machine-account.ts";
import { type KnownAnswer, knownTask, readKnownAnswer } from "../known/known-answer.ts";
import { type JsonObject, objectOf, objectsIn, textOf } from "../people/stored-json.ts";
import { isPseudonym } from "../suppression/suppressed-people.ts";
import { createDisposableDomains } from "../validation/disposable-domain.ts";
import { asksNotToBeContacted } from "../validation/opt-out.ts";
import { createAddressDisguise } from "./disguise-address.ts";
import type { DisguiseOptions } from "./disguise-options.ts";

/** Where the addresses of pseudonyms lead: nowhere. */
const site = "https://github.pseudonym";

/**
 * Gives stored answers in which nobody and nothing is named: people, repositories, organisations, addresses, ids and
 * cursors have pseudonyms, numbers and dates are rounded, free text is what the agent takes it for. What the agent counts
 * stays as it is, so that it decides the same on them. Every field is named one by one: what an answer may tell in a
 * later version does not pass by itself. Null for a kind of answer that is not known.
 */
export function createAnswerDisguise(
  options: Omit<DisguiseOptions, "isDisposable">,
): (answer: StoredValue) => StoredValue | null {
  const { spec, pseudonym } = options;
  const addresses = createAddressDisguise({ ...options, isDisposable: createDisposableDomains() });
  const topicsThatCount = new Set(
    [...spec.icp.topics, ...spec.icp.excludeTopics].map((topic) => topic.toLowerCase()),
  );
  const languages = new Set(spec.icp.languages.map((language) => language.toLowerCase()));

  /** Ids that are pseudonyms already stay such: they tell that somebody was taken out. */
  const idOf = (id: unknown) => `${isPseudonym(textOf(id)) ? "~" : "i"}${pseudonym("id", textOf(id))}`;
  const nameOf = (kind: string, text: unknown) =>
    textOf(text).trim() === "" ? null : `${kind}-${pseudonym(kind, textOf(text).trim().toLowerCase())}`;

  function loginOf(login: unknown): string {
    const text = textOf(login);
    if (text === "") return "";
    const reason = machineAccountReason(text);
    if (reason === "placeholder_account") return "ghost";
    const name = `u${pseudonym("login", text.toLowerCase())}`;
    return reason === "bot" ? `${name}[bot]` : name;
  }

  return ({ kind, itemId, value }) => {
    switch (kind) {
      case "preflight":
        return { kind, itemId, value: preflight(value) };
      case "search":
        return { kind, itemId, value: searchPage(value) };
      case "activity":
        return { kind, itemId: idOf(itemId), value: activityAnswer(value) };
      case "profile":
        return { kind, itemId: idOf(itemId), value: profileAnswer(value) };
      case knownTask:
        return { kind, itemId: idOf(itemId), value: knownAnswer(value) };
      case "mail_domain":
        return { kind, itemId: addresses.domain(itemId), value: oneOf(value, mailAnswers) };
      default:
        return null;
    }
  };

  function preflight(value: unknown) {
    const notes = objectsIn(objectOf(value)?.notes).map(({ code }) => {
      const shown = /^[a-z_]{1,40}(?:\.[a-z_]{1,40})?$/.test(textOf(code)) ? textOf(code) : "note";
      return { code: shown, message: `The source said: ${shown}.` };
    });
    return { viewer: "pseudonym", notes };
  }

  function searchPage(value: unknown) {
    const page = objectOf(value) ?? {};
    return {
      claimed: numberOf(page.claimed),
      repositories: objectsIn(page.repositories).map(repository),
      next: page.next == null ? null : `c${pseudonym("cursor", textOf(page.next))}`,
    };
  }

  function repository(one: JsonObject) {
    const owner = objectOf(one.owner) ?? {};
    const login = loginOf(owner.login);
    const name = `${login}/r${pseudonym("repository", textOf(one.name).toLowerCase())}`;
    return {
      id: idOf(one.id),
      name,
      url: `${site}/${name}`,
      description: null,
      stars: rounded(one.stars),
      forks: rounded(one.forks),
      isArchived: one.isArchived === true,
      isFork: one.isFork === true,
      isMirror: one.isMirror === true,
      isTemplate: one.isTemplate === true,
      isEmpty: one.isEmpty === true,
      pushedAt: dayOf(one.pushedAt),
      createdAt: dayOf(one.createdAt) ?? "",
      // One that was asked for is what it is called in the spec; any other says something of the repository.
      language: languages.has(textOf(one.language).toLowerCase())
        ? textOf(one.language)
        : nameOf("language", one.language),
      topics: listOf(one.topics).filter((topic) => topicsThatCount.has(topic.toLowerCase())),
      owner: {
        type: owner.type === "organization" ? "organization" : "user",
        login,
        name: null,
        websiteUrl: addresses.website(nullableText(owner.websiteUrl)),
      },
    };
  }

  function activityAnswer(value: unknown) {
    const answer = objectOf(value) ?? {};
    const activity = objectOf(answer.activity);
    return {
      activity:
        activity === null
          ? null
          : {
              commits: rounded(activity.commits),
              unlinked: rounded(activity.unlinked),
              truncated: activity.truncated === true,
              contributors: objectsIn(activity.contributors).map((one) => ({
                id: idOf(one.id),
                login: loginOf(one.login),
                commits: rounded(one.commits),
                lastCommitAt: dayOf(one.lastCommitAt) ?? "",
              })),
            },
      missing: oneOf(answer.missing, reasons),
    };
  }

  function profileAnswer(value: unknown) {
    const answer = objectOf(value) ?? {};
    const profile = objectOf(answer.profile);
    return { profile: profile === null ? null : person(profile), missing: oneOf(answer.missing, reasons) };
  }

  /** Whether somebody has changed something is counted; what it was says something of them. */
  function knownAnswer(value: unknown): KnownAnswer {
    const { known, changed } = readKnownAnswer(value);
    return { known, changed: changed === null || changed.length === 0 ? changed : ["profile"] };
  }

  function person(profile: JsonObject) {
    const texts = {
      bio: nullableText(profile.bio),
      name: nullableText(profile.name),
      status: nullableText(profile.status),
    };
    const login = loginOf(profile.login);
    return {
      id: idOf(profile.id),
      login,
      name: null,
      email: addresses.email(nullableText(profile.email)),
      emailSource: oneOf(profile.emailSource, emailSources),
      company: nameOf("company", profile.company),
      location: nameOf("place", profile.location),
      bio: asksNotToBeContacted(texts) ? "Please do not contact me." : null,
      status: null,
      websiteUrl: addresses.website(nullableText(profile.websiteUrl)),
      twitterUsername: null,
      isHireable: profile.isHireable === true,
      followers: rounded(profile.followers),
      profileUrl: `${site}/${login}`,
      createdAt: yearOf(profile.createdAt),
      updatedAt: yearOf(profile.updatedAt),
      fetchedAt: dayOf(profile.fetchedAt) ?? "",
    };
  }
}

const mailAnswers = ["ok", "weak", "no_mail", "unknown"] as const;
const reasons = ["gone", "not_a_person", "unavailable", "suppressed"] as const;
const emailSources = ["github.user.email", "github.rest.user.email"] as const;

function oneOf<const T extends string>(value: unknown, known: readonly T[]): T | null {
  return known.find((one) => one === value) ?? null;
}

function nullableText(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

function listOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}

function numberOf(value: unknown): number {
  return typeof value === "number" ? value : 0;
}

/** Its first digit; what is less than ten is itself. */
function rounded(value: unknown): number {
  const number = Math.max(0, Math.floor(numberOf(value)));
  const unit = 10 ** (String(number).length - 1);
  return Math.floor(number / unit) * unit;
}

function dayOf(value: unknown): string | null {
  return typeof value === "string" ? `${value.slice(0, 10)}T00:00:00.000Z` : null;
}

function yearOf(value: unknown): string {
  return `${textOf(value).slice(0, 4)}-01-01T00:00:00.000Z`;
}
