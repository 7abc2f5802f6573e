import type { AgentPeople, PersonIdentity, StoredValue } from "@cmo/engine";
import { knownTask, readKnownAnswer } from "../known/known-answer.ts";
import { aboutActivity, contributorsIn, withoutContributor } from "./activity-people.ts";
import { ownDomainOf } from "./mail-people.ts";
import { aboutOwner, repositoriesOf, withoutOwner } from "./owner-people.ts";
import { isOf } from "./person-match.ts";
import { objectOf, textOf } from "./stored-json.ts";

/**
 * Who is in the results that the lead agent stores, and these results without somebody: by their fields, never by
 * their text, since a login may be a word like any other.
 */
export function createLeadPeople(): AgentPeople {
  return {
    peopleIn({ kind, value }) {
      switch (kind) {
        case "activity":
          return contributorsIn(value);
        case "profile":
          return profileIn(value);
        default:
          return [];
      }
    },

    about(result, person) {
      switch (result.kind) {
        case "search":
          return aboutOwner(result.value, person);
        case "activity":
          return aboutActivity(result, person);
        case "profile":
          return isProfileOf(result, person) ? result.value : null;
        case knownTask:
          return person.ids.includes(result.itemId) ? readKnownAnswer(result.value) : null;
        case "mail_domain":
          return isDomainOf(result, person) ? { domain: result.itemId, answer: result.value } : null;
        default:
          return null;
      }
    },

    belongingsIn({ kind, value }, person) {
      switch (kind) {
        case "search":
          return repositoriesOf(value, person);
        case "profile":
          return profileIn(value)
            .filter((one) => isOf(person, one))
            .flatMap(({ email }) => ownDomainOf(email))
            .map((id) => ({ id, shownName: null }));
        default:
          return [];
      }
    },

    without(result, person, pseudonymOf) {
      switch (result.kind) {
        case "search":
          return withoutOwner(result, person, pseudonymOf);
        case "activity":
          return withoutContributor(result, person, pseudonymOf);
        case "profile":
          return isProfileOf(result, person) ? null : result;
        case knownTask:
          return person.ids.includes(result.itemId) ? null : result;
        case "mail_domain":
          return isDomainOf(result, person) ? null : result;
        default:
          return result;
      }
    },
  };
}

function profileIn(value: unknown) {
  const profile = objectOf(objectOf(value)?.profile);
  if (profile === null) return [];
  const email = textOf(profile.email);
  return [{ id: textOf(profile.id), login: textOf(profile.login), email: email === "" ? null : email }];
}

/** The question itself names the person: it is theirs also where the answer was that they are not to be found. */
function isProfileOf({ itemId, value }: StoredValue, person: PersonIdentity): boolean {
  return person.ids.includes(itemId) || profileIn(value).some((one) => isOf(person, one));
}

function isDomainOf({ itemId }: StoredValue, person: PersonIdentity): boolean {
  return (
    person.belongings.some(({ id }) => id === itemId) ||
    person.emails.some((email) => ownDomainOf(email).includes(itemId))
  );
}
