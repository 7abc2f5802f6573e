/** An object as GraphQL shows it: values by field, and functions of (arguments, context) for fields that are derived. */
export type View = { readonly __typename: string; readonly [field: string]: unknown };
