/*
 * Words that stand in messages whoever the user is. A credential that is one of them says nothing where it stands in a sentence: the
 * sentence would read the same without it. What would give it away is its place (redact.ts). Anything else, a name or a word of a
 * dictionary among it, is not in this list on purpose: it does not come up by itself.
 */
const words = new Set(
  `
  accept accepted action actions active admin administrator allowed answer answered api application aspire auth authentication
  authorization available backup base basic batch bearer before behind body bytes cancel cancelled canceled certificate channel check
  claim client cluster clusters code completed config configuration connect connected connection connections connector content count
  crawl current data database databases default delete deleted delta demo demote denied dev development director disabled document down
  east enabled endpoint endpoints error errors example expired external factfinder failed failover failure false federation field file
  forbidden found from full gateway guest handle header headers health host hosts html http https import inactive index info input
  instance internal invalid item items json key leader length level limit list live local localhost location lock locked main
  maintenance manager master message method missing mode name network never next node nodes none north null number object offline online
  open operation operator option options output page parameter parameters passed passive password path pending permission port primary
  private process processing prod production progress promote property proxy prune public query queue queued read ready redis refused
  region release released reload remove removed replica request requests reset resource response restore result retry role roles root
  running scan secondary secret seed seeds server servers service session shard shards single slave snapshot source south stage staging
  standby start started state status stop stopped storage string success sync system tags target task tasks temporary test testing time
  timeout token true type unauthorized unavailable unknown unreachable until update updated upstream user username users valid value
  version wait waiting west with worker workers write yes
  `
    .trim()
    .split(/\s+/),
);

/** Whether a text is a word that messages are made of anyway, in whatever case. */
export function isCommonWord(text: string): boolean {
  return words.has(text.toLowerCase());
}
