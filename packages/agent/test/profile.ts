import type { PersonProfile } from "@cmo/engine";

/** A profile with nothing in it but who it is. */
export function profileOf(profile: Partial<PersonProfile> = {}): PersonProfile {
  return {
    id: "U_1",
    login: "ada",
    name: null,
    email: null,
    emailSource: null,
    company: null,
    location: null,
    bio: null,
    status: null,
    websiteUrl: null,
    twitterUsername: null,
    isHireable: false,
    followers: 0,
    profileUrl: "https://fake.example/ada",
    createdAt: "2020-01-01T00:00:00.000Z",
    updatedAt: "2029-01-01T00:00:00.000Z",
    fetchedAt: "2030-01-01T00:00:00.000Z",
    ...profile,
  };
}
