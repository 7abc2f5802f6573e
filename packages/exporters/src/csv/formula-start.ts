/**
 * Whether a spreadsheet might run the text as a formula. It does so for `=`, `+`, `-` and `@` (and their full-width
 * and small forms, which some input methods give and some programs take), trims white space and invisible characters
 * before it looks, and takes a leading tab or line break for the start of a new cell.
 * Source: OWASP, "CSV Injection"; OWASP ASVS 1.2.10.
 */
export const formulaStart = /^(?:[\t\r\n]|[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠﹦﹢﹣﹫−])/u;
