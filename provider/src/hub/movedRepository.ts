import { LifecycleError } from "../model/definition";

/** The Hub redirects the declared name to another repository, which the program does not declare. */
export class MovedError extends LifecycleError {
  /**
   * @param repository - the type and the declared name, such as "model acme/llm"
   * @param argument - the argument with the name
   */
  constructor(repository: string, argument: string, target: string) {
    super(
      `${repository} was moved to ${target} on the Hub. Declare ${argument}: ${JSON.stringify(target)}, or remove this resource from the program; ` +
        "nothing was changed.",
    );
  }
}
