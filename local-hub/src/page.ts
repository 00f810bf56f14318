import { type Profile } from "./profile.js";
import { type Store } from "./store/store.js";
export function renderPage(store: Store, organization: unknown, profile: Profile): string {
  return `${store.organizations.size} ${String(organization)} ${profile}`;
}
