/** One page of a vendor's reference, and the calls on it. */
export interface VendorPage {
  system: string;
  title: string;
  /** Absent where the page is a former version of another one. */
  url?: string;
  calls: VendorCall[];
  /** What the page speaks of without saying how it is called. */
  leftOut?: { what: string; why: string };
  /** True: not one of the pages that the provider is about, but needed on the way. */
  isFurther?: boolean;
}

export interface VendorCall {
  /** Method and path, as the page spells them. */
  call: string;
  /** What tells it from another form of the same call: the body, say. */
  form?: string;
  /** File of the client in provider/<system>/, and its function. */
  client: [file: string, name: string];
  /** The resources and functions that make the call, with what for. */
  by: Record<string, string>;
  /** File in test/, and the full title of a test there or of a group of tests. */
  test: [file: string, title: string];
}
