// Puts the Hub of the moment in the place of the client's transport.
import { AxiosTransport } from "../../provider/src/client/transport";
import { type LawHub } from "./hub";

/** Which Hub is asked. */
export interface LawHubHolder {
  hub?: LawHub;
}

/** From here on each request of any client goes to the Hub that the holder holds. Gives what ends that. */
export function replaceTransport(holder: LawHubHolder): () => void {
  const prototype = AxiosTransport.prototype;
  // Not a stub, which would keep each of millions of calls.
  // eslint-disable-next-line @typescript-eslint/unbound-method -- put back as it was
  const { send } = prototype;
  prototype.send = (request) => {
    if (!holder.hub) throw new Error("There is no Hub.");
    return holder.hub.send(request);
  };
  return () => {
    prototype.send = send;
  };
}
