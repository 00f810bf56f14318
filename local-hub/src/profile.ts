/** Which part of the API a Hub offers. */
export const PROFILES = ["extended", "public"] as const;
/** `public`: what huggingface.co offers. `extended`: that, and the routes that only some Hubs have. */
export type Profile = (typeof PROFILES)[number];
