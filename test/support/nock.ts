import nock from "nock";

// Whoever imports nock has it between himself and the network, and sockets then fail in other ways: in one process with tests
// over real sockets it must be off, but where it is asked for.
nock.restore();

/** Has nock answer in place of the network in the tests of the surrounding `describe`. */
export function withNock(): void {
  before(() => {
    nock.activate();
    nock.disableNetConnect();
  });
  afterEach(() => nock.cleanAll());
  after(() => {
    nock.enableNetConnect();
    nock.restore();
  });
}
