// Replaces the client's transport with the current Hub.
import { AxiosTransport } from "../../provider/src/client/transport";
import { type LawHub } from "./hub";

/** Holds the Hub that receives the requests. */
export interface LawHubHolder {
  hub?: LawHub;
}

/** From now on each request of any client goes to the holder's Hub. Returns a function that restores the transport. */
export function replaceTransport(holder: LawHubHolder): () => void {
  const prototype = AxiosTransport.prototype;
  // A stub would record each of millions of calls.
  // eslint-disable-next-line @typescript-eslint/unbound-method -- put back as it was
  const { send } = prototype;
  prototype.send = (request) => {
    if (!holder.hub) throw new Error("No Hub is set.");
    return holder.hub.send(request);
  };
  return () => {
    prototype.send = send;
  };
}
