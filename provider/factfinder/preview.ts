import { Refusal } from "../core/data/errors.ts";
import { type Http, isRefused, recalling } from "../core/http/http.ts";

/** Reads of a preview are shared by all of its resources. */
export function forPreview(http: Http): Http {
  return recalling(http);
}

/**
 * A refused read of a preview under the input that is to blame: 400 is what an unknown channel gets, most of the time.
 *
 * @param property the input that names the installation
 * @param channel the input that names the channel
 */
export async function blaming<T>(property: string, read: () => Promise<T>, channel = "channel"): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!isRefused(error)) throw error;
    throw new Refusal(error.status === 400 ? channel : property, error.message);
  }
}
