/** One page of a vendor's reference, and the calls on it. */
export interface VendorPage {
  system: string;
  title: string;
  /** Absent where the page is a former version of another one. */
  url?: string;
  calls: VendorCall[];
  /** What the page mentions without its method or path. */
  leftOut?: { what: string; why: string };
  /** True: a page outside the provider's subject that it needs as well. */
  isFurther?: boolean;
}

export interface VendorCall {
  /** Method and path, as the page spells them. */
  call: string;
  /** What distinguishes it from another form of the same call, e.g. the body. */
  form?: string;
  /** File of the client in provider/<system>/, and its function. */
  client: [file: string, name: string];
  /** The resources and functions that make the call, each with its purpose. */
  by: Record<string, string>;
  /** File in test/, and the full title of a test there or of a group of tests. */
  test: [file: string, title: string];
}
