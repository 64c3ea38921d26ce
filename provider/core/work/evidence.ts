/**
 * What a read-back says of something that was asked for: it is there (and what it brought), it is provably not there, or it is open,
 * and why. "Not found" is a claim, not a fact: it is `absent` only where reads that do not depend on each other agree.
 * `isOthers`: what is there may be somebody else's doing, so that the request itself may yet land.
 */
export type Evidence<T> = { landed: T; isOthers?: boolean } | { absent: true } | { open: string };
