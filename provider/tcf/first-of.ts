/** Tells the first time that something is so from all others. */
export function firstOf(): (isSo: boolean) => boolean {
  let hasBeen = false;
  return (isSo) => {
    const isFirst = isSo && !hasBeen;
    hasBeen ||= isSo;
    return isFirst;
  };
}
