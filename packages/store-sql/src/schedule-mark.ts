/**
 * What stands in the text of a spec that has a schedule, and in no other: within a string its quotes are escaped. It is
 * looked for, and the text not parsed, since a single spec that is no JSON would cost the answer about all others.
 */
export const scheduleMark = '"schedule":{';
