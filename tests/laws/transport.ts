// Puts the Hub of the moment in the place of the client's transport.
import { stub, type SinonStub } from "sinon";
import { AxiosTransport } from "../../provider/src/client/transport";
import { type LawHub } from "./hub";

/** Which Hub is asked. */
export interface LawHubHolder {
  hub?: LawHub;
}

/** From here on each request of any client goes to the Hub that the holder holds. */
export function replaceTransport(holder: LawHubHolder): SinonStub {
  return stub(AxiosTransport.prototype, "send").callsFake((request) => {
    if (!holder.hub) throw new Error("There is no Hub.");
    return holder.hub.send(request);
  });
}
