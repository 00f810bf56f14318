import { type Requester } from "../requester";

/**
 * The base of the classes with the client's methods. Each class has the methods about one kind of object. A class can extend only one other,
 * so each extends the previous one, and HubClient extends the last. A new class extends the last one, and HubClient extends the new class.
 */
export abstract class Operations {
  readonly #requester: Requester;

  /**
   * @param endpoint - the address of the Hub, without a `/` at its end
   * @internal
   */
  protected constructor(
    requester: Requester,
    /** The address of the Hub, without a `/` at its end. */
    readonly endpoint: string,
  ) {
    this.#requester = requester;
  }

  /**
   * Not a public field, so that printing a client does not print its token.
   *
   * @internal
   */
  protected get requester(): Requester {
    return this.#requester;
  }
}
